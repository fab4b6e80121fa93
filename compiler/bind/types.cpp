#include "compiler/base/check.h"
#include "compiler/bind/bound.h"
#include "compiler/values/dict.h"

namespace ormc::bind {

using manifest::FieldKind;

Type ListOf(Type element) {
  Type list = MakeType(TypeKind::kList);
  list.element = std::make_shared<const Type>(std::move(element));
  return list;
}

Type TypeOfValue(const Value& value) {
  const auto plain = [](TypeKind kind) { return MakeType(kind); };
  const auto elements = [](TypeKind kind, const std::vector<Value>& items) {
    Type type = MakeType(kind);
    if (items.empty()) return type;
    Type element = TypeOfValue(items.front());
    for (size_t i = 1; i < items.size(); ++i) element = Union(element, TypeOfValue(items[i]));
    type.element = std::make_shared<const Type>(std::move(element));
    return type;
  };
  return std::visit(
      Overloaded{
          [&](const NoneValue&) { return MakeType(TypeKind::kNone, true); },
          [&](bool) { return plain(TypeKind::kBool); },
          [&](int64_t) { return plain(TypeKind::kInt); },
          [&](const std::shared_ptr<const BigInt>&) { return plain(TypeKind::kInt); },
          [&](double) { return plain(TypeKind::kFloat); },
          [&](const std::shared_ptr<const Decimal>&) { return plain(TypeKind::kDecimal); },
          [&](const std::shared_ptr<const std::string>&) { return plain(TypeKind::kStr); },
          [&](const std::shared_ptr<const Bytes>&) { return plain(TypeKind::kBytes); },
          [&](const Date&) { return plain(TypeKind::kDate); },
          [&](const Time&) { return plain(TypeKind::kTime); },
          [&](const DateTime&) { return plain(TypeKind::kDateTime); },
          [&](const TimeDelta&) { return plain(TypeKind::kTimeDelta); },
          [&](const Uuid&) { return plain(TypeKind::kUuid); },
          [&](const TimeZonePtr&) { return plain(TypeKind::kZone); },
          [&](const std::shared_ptr<List>& list) { return elements(TypeKind::kList, list->items); },
          [&](const std::shared_ptr<Tuple>& tuple) {
            Type type = MakeType(TypeKind::kTuple);
            for (const Value& item : tuple->items) type.items.push_back(TypeOfValue(item));
            for (size_t i = 0; tuple->names && i < type.items.size(); ++i) {
              type.fields.push_back({(*tuple->names)[i], type.items[i]});
            }
            return type;
          },
          [&](const std::shared_ptr<Set>& set) { return elements(TypeKind::kSet, set->items()); },
          [&](const std::shared_ptr<Dict>& dict) {
            std::vector<Value> values;
            std::vector<Value> keys;
            for (const Dict::Entry& entry : dict->entries()) {
              values.push_back(entry.value);
              keys.push_back(entry.key);
            }
            Type type = elements(TypeKind::kDict, values);
            type.key = elements(TypeKind::kList, keys).element;
            return type;
          },
          [&](const std::shared_ptr<const RangeValue>&) { return Type(); },
          [&](const std::shared_ptr<const Instance>&) { return Type(); },
      },
      value.storage());
}

Type TypeOfField(const plan::FieldType& field, bool nullable) {
  const plan::FieldType type = plan::TargetType(field);
  const auto is = [&](FieldKind kind) { return plan::IsA(type, kind); };
  TypeKind kind = TypeKind::kUnknown;
  if (is(FieldKind::kIntegerField)) kind = TypeKind::kInt;
  if (is(FieldKind::kCharField) || is(FieldKind::kTextField) || is(FieldKind::kFileField) ||
      type.kind == FieldKind::kFilePathField || type.kind == FieldKind::kGenericIPAddressField) {
    kind = TypeKind::kStr;
  }
  if (is(FieldKind::kBooleanField)) kind = TypeKind::kBool;
  if (type.kind == FieldKind::kFloatField) kind = TypeKind::kFloat;
  if (type.kind == FieldKind::kDecimalField) kind = TypeKind::kDecimal;
  if (type.kind == FieldKind::kDateField) kind = TypeKind::kDate;
  if (type.kind == FieldKind::kDateTimeField) kind = TypeKind::kDateTime;
  if (type.kind == FieldKind::kTimeField) kind = TypeKind::kTime;
  if (type.kind == FieldKind::kDurationField) kind = TypeKind::kTimeDelta;
  if (type.kind == FieldKind::kUUIDField) kind = TypeKind::kUuid;
  if (type.kind == FieldKind::kBinaryField) kind = TypeKind::kBytes;
  if (type.kind == FieldKind::kArrayField && type.base) {
    Type list = ListOf(TypeOfField(*type.base, true));
    list.nullable = nullable;
    return list;
  }
  Type plain = MakeType(kind, nullable);
  plain.file = is(FieldKind::kFileField);
  return plain;
}

Type ElementOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
      return type.element ? *type.element : Type();
    case TypeKind::kDict:
      return type.key ? *type.key : Type();
    case TypeKind::kTuple: {
      if (type.items.empty()) return Type();
      Type element = type.items.front();
      for (const Type& item : type.items) element = Union(element, item);
      return element;
    }
    case TypeKind::kStr:
      return MakeType(TypeKind::kStr);
    case TypeKind::kBytes:
      return MakeType(TypeKind::kInt);
    case TypeKind::kUnknown:
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kFloat:
    case TypeKind::kDecimal:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDateTime:
    case TypeKind::kTimeDelta:
    case TypeKind::kUuid:
    case TypeKind::kZone:
    case TypeKind::kInstance:
    case TypeKind::kRow:
      return Type();
  }
  return Type();
}

Type Union(const Type& a, const Type& b) {
  if (a.kind == TypeKind::kNone || b.kind == TypeKind::kNone) {
    Type type = a.kind == TypeKind::kNone ? b : a;
    type.nullable = true;
    return type;
  }
  if (a.kind != b.kind || a.model != b.model) {
    Type type;
    type.queryset = a.queryset || b.queryset;
    return type;
  }
  Type type = a;
  type.queryset = a.queryset || b.queryset;
  type.nullable = a.nullable || b.nullable;
  if (a.choices != b.choices) type.choices = nullptr;
  type.origins.insert(type.origins.end(), b.origins.begin(), b.origins.end());
  type.models.insert(type.models.end(), b.models.begin(), b.models.end());
  const auto join = [](const std::shared_ptr<const Type>& x, const std::shared_ptr<const Type>& y) {
    if (!x || !y) return x ? x : y;
    return std::make_shared<const Type>(Union(*x, *y));
  };
  type.element = join(a.element, b.element);
  type.key = join(a.key, b.key);
  if (a.items.size() == b.items.size()) {
    for (size_t i = 0; i < type.items.size(); ++i) type.items[i] = Union(a.items[i], b.items[i]);
  } else {
    type.items.clear();
  }
  if (a.fields.size() == b.fields.size()) {
    for (size_t i = 0; i < type.fields.size(); ++i) {
      if (a.fields[i].first != b.fields[i].first) {
        type.fields.clear();
        break;
      }
      type.fields[i].second = Union(a.fields[i].second, b.fields[i].second);
    }
  } else {
    type.fields.clear();
  }
  return type;
}

std::string_view NameOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::kUnknown:
    case TypeKind::kNone:
    case TypeKind::kInstance:
    case TypeKind::kRow:
      return "";
    case TypeKind::kBool:
    case TypeKind::kInt:
      return "int";
    case TypeKind::kFloat:
      return "float";
    case TypeKind::kDecimal:
      return "Decimal";
    case TypeKind::kStr:
      return "str";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kDate:
      return "date";
    case TypeKind::kTime:
      return "time";
    case TypeKind::kDateTime:
      return "datetime";
    case TypeKind::kTimeDelta:
      return "timedelta";
    case TypeKind::kUuid:
      return "UUID";
    case TypeKind::kZone:
      return "zone";
    case TypeKind::kList:
      return "list";
    case TypeKind::kTuple:
      return "tuple";
    case TypeKind::kSet:
      return "set";
    case TypeKind::kDict:
      return "dict";
  }
  return "";
}

}  // namespace ormc::bind
