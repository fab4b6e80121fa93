#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compiler/values/value.h"

namespace ormc {

namespace program {

struct Expr;

// How an instance of a model is made of a query's row.
struct InstanceShape {
  std::string label;                                          // "shop.Order"
  std::string name;                                           // "Order"
  std::vector<std::string> primary_key;                       // attnames
  std::vector<std::pair<std::string, uint32_t>> fields;       // attname -> column; the shown ones,
                                                              // in the order of `.values()`
  std::vector<std::pair<std::string, uint32_t>> annotations;  // name -> column
  struct Related {
    std::string name;  // of the attribute: "customer"
    std::shared_ptr<const InstanceShape> shape;
    bool reverse = false;  // a reverse one-to-one: absent raises RelatedObjectDoesNotExist
  };
  std::vector<Related> related;  // planned joins; a row whose key columns are all NULL is None
  // `__str__`, where the site's can be expressed: evaluated with `self_slot` bound to the instance.
  std::shared_ptr<const Expr> text;
  uint32_t self_slot = 0;
};

}  // namespace program

// A row of a model.  Equal where concrete model and key are equal, as in Django.
struct Instance {
  std::shared_ptr<const program::InstanceShape> shape;
  std::vector<Value> fields;       // parallel to shape->fields
  std::vector<Value> annotations;  // parallel to shape->annotations
  std::vector<Value> related;      // parallel to shape->related: an Instance or None
};

}  // namespace ormc
