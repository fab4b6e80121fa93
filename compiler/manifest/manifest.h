// manifest: the site's models, as `manage.py ormc_manifest` exports them.
//
//   manifest.h  the immutable, indexed form
//   load.h      JSON text -> Manifest, or an Error that names the place
//   scope.h     ScopedManifest: what one user may see of it; the only form that Bind is given
//
// Shapes and words are those of docs/contract/manifest.schema.json.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/manifest/name_index.h"
#include "compiler/values/value.h"

namespace ormc::manifest {

struct Model;

// The nearest built-in class of a field, by its name in Django.
enum class FieldKind : uint8_t {
  kAutoField,
  kBigAutoField,
  kSmallAutoField,
  kBigIntegerField,
  kBinaryField,
  kBooleanField,
  kCharField,
  kDateField,
  kDateTimeField,
  kDecimalField,
  kDurationField,
  kEmailField,
  kFileField,
  kFilePathField,
  kFloatField,
  kGeneratedField,
  kGenericIPAddressField,
  kImageField,
  kIntegerField,
  kJSONField,
  kNullBooleanField,
  kPositiveBigIntegerField,
  kPositiveIntegerField,
  kPositiveSmallIntegerField,
  kSlugField,
  kSmallIntegerField,
  kTextField,
  kTimeField,
  kURLField,
  kUUIDField,
  kCompositePrimaryKey,
  kForeignKey,
  kOneToOneField,
  kForeignObject,
  kManyToManyField,
  kGenericForeignKey,
  kGenericRelation,
  kArrayField,
  kHStoreField,
  kIntegerRangeField,
  kBigIntegerRangeField,
  kDecimalRangeField,
  kDateTimeRangeField,
  kDateRangeField,
  kSearchVectorField,
  kSearchQueryField,
  kCITextField,
  kCICharField,
  kCIEmailField,
  kOther,
};
std::string_view NameOf(FieldKind kind);
std::optional<FieldKind> FieldKindOf(std::string_view name);

enum class RelationKind : uint8_t {
  kForeignKey,
  kOneToOne,
  kManyToMany,
  kGenericForeignKey,
  kGenericRelation,
};

struct Relation {
  RelationKind kind = RelationKind::kForeignKey;
  const Model* to = nullptr;  // null where the target is not in the manifest
  std::string to_label;
  std::vector<std::string> from_fields;
  std::vector<std::string> to_fields;
  std::string accessor;    // of the reverse side on an instance; "" if none
  std::string query_name;  // of the reverse side in lookups; "" if none
  bool hidden = false;     // related_name ends with "+"
  bool parent_link = false;
  const Model* through = nullptr;  // of many-to-many
  std::string through_from;        // field of `through` that points here
  std::string through_to;          // field of `through` that points to `to`
  bool symmetrical = false;
  std::string content_type_field;  // generic
  std::string object_id_field;
};

struct Field {
  std::string name;
  std::string attname;
  std::string column;  // "" if it has none
  FieldKind kind = FieldKind::kOther;
  std::string internal_type;
  const Model* model = nullptr;  // on whose table the column is
  const Model* owner = nullptr;  // in whose list this entry stands
  bool concrete = true;
  bool null = false;
  bool primary_key = false;
  bool unique = false;
  bool auto_created = false;
  std::string db_type;  // "varchar(150)"; "" if it has no column
  std::optional<int32_t> max_length;
  std::optional<int32_t> max_digits;
  std::optional<int32_t> decimal_places;
  std::string db_collation;
  std::vector<std::pair<Value, std::string>> choices;
  std::string verbose_name;
  std::optional<Relation> relation;
  std::shared_ptr<const Field> base_field;    // of arrays and ranges
  std::shared_ptr<const Field> output_field;  // of a GeneratedField
  std::string opaque;                         // why it cannot be used, or ""
};

// A relation seen from the other side.
struct Reverse {
  std::string name;              // in lookups
  std::string accessor;          // on instances; "" if none
  const Model* model = nullptr;  // that holds `field`
  const Field* field = nullptr;
  bool hidden = false;
  RelationKind kind = RelationKind::kForeignKey;
  const Model* via = nullptr;  // the parent that it is inherited from, else null
};

struct Ordering {
  std::string path;        // "-created_at"
  std::string expression;  // source in our language
  std::string opaque;      // why it cannot be expressed
};

// A method, property or `__str__` whose body is one expression; or `opaque` says why not.
struct Method {
  std::string name;
  bool manager_only = false;            // not of the querysets that the manager gives
  std::vector<std::string> parameters;  // "self" first
  std::vector<std::pair<std::string, Value>> defaults;
  std::string source;
  std::string opaque;
};

struct Manager {
  enum class Kind : uint8_t { kPlain, kExpressible, kOpaque };
  std::string name;
  Kind kind = Kind::kPlain;
  std::string queryset;  // source over `self`, of an expressible one: "self.filter(...)"
  std::string opaque;
  std::vector<Method> methods;  // of the manager and of its queryset
  // What a related manager of its class reads, where that differs: Django gives it no arguments.
  std::shared_ptr<const Manager> related;

  const Manager& ForRelations() const { return related ? *related : *this; }
};

struct ChoicesClass {
  struct Member {
    std::string name;
    Value value;
    std::string label;
  };
  std::string name;
  std::vector<Member> members;
};

struct Model {
  std::string label;  // "shop.Order"
  std::string app;
  std::string name;
  std::string table;
  std::string schema;    // "" for the search path's
  std::string database;  // alias
  bool managed = true;
  uint32_t index = 0;  // position in Manifest::models
  const Model* proxy_for = nullptr;
  const Model* concrete = nullptr;  // itself but for proxies
  std::string swapped;
  std::string auto_created;  // label of the model that made this through table
  struct Parent {
    const Model* model = nullptr;
    std::string link;
  };
  std::vector<Parent> parents;
  std::vector<std::string> primary_key;  // field names
  std::string verbose_name;
  std::string verbose_name_plural;
  std::vector<Ordering> ordering;
  std::vector<std::string> get_latest_by;
  std::string order_with_respect_to;
  std::string base_manager;
  std::string default_manager;
  std::vector<Manager> managers;
  std::vector<Field> fields;
  std::vector<Reverse> reverse;
  std::vector<std::pair<std::string, Value>> constants;
  std::vector<ChoicesClass> choices_classes;
  std::vector<Method> methods;
  std::vector<Method> properties;
  std::optional<Method> text;  // __str__
  bool contrib = false;        // an app of django.contrib
  std::vector<std::string> admin_overrides;

  // By name or attname (`customer` and `customer_id`).
  const Field* FindField(std::string_view field) const;
  const Reverse* FindReverse(std::string_view query_name) const;
  const Reverse* FindAccessor(std::string_view accessor) const;
  const Manager* FindManager(std::string_view manager) const;
  // The only key field, or null where the key is composite.
  const Field* PrimaryKey() const;

  NameIndex field_index;    // by name, then by attname; filled by load
  NameIndex reverse_index;  // filled by load
};

// Options.model_name: the class in lower case, as django_content_type has it.
std::string ModelName(const Model& model);

// Labels are equal as in Django: the model part in any case.
struct LabelHash {
  size_t operator()(std::string_view label) const;
};
struct LabelEqual {
  bool operator()(std::string_view a, std::string_view b) const;
};

// A function of Django's that the site registered: `field__name` is the function of the field.
struct Transform {
  FieldKind field = FieldKind::kOther;  // of this class itself
  std::string name;
  std::string function;
};

struct Manifest {
  std::string fingerprint;
  std::string django;   // "5.2.19"
  int32_t release = 0;  // of Django: 502
  bool use_tz = true;
  std::string time_zone;
  std::string auth_user_model;
  std::string database_alias;
  bool postgres_app = false;  // django.contrib.postgres is installed: its lookups of text exist
  std::vector<Transform> transforms;
  std::vector<std::unique_ptr<Model>> models;  // sorted by label

  const Model* Find(std::string_view label) const;  // "shop.Order", any case of the model part
  std::unordered_map<std::string_view, uint32_t, LabelHash, LabelEqual> model_index;
  NameIndex class_index;  // by class name; both filled by load
};

}  // namespace ormc::manifest
