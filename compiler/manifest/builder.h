// The inside of the loader; policy reads its documents with the same parts.
// In the second pass every model exists (label and position), so that names become pointers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "compiler/manifest/manifest.h"
#include "compiler/manifest/node.h"

namespace ormc::manifest {

// What a document may hold, at most: it comes from outside.
inline constexpr size_t kDocumentBytes = 64U << 20U;  // 1,000 models take about 5 MB
inline constexpr size_t kModels = 20'000;
inline constexpr size_t kFieldsOfModel = 2'000;  // PostgreSQL stops at 1,600 columns
inline constexpr size_t kDocumentDepth = 64;

// JSON within those limits.
Result<boost::json::value> ParseDocument(std::string_view text,
                                         boost::json::storage_ptr memory = {});

// load_model.cpp
void FillModel(const Node& node, const Manifest& manifest, Model& model);
// After every model has its fields.
void FillReverse(const Node& node, const Manifest& manifest, Model& model);

// read_value.cpp
// None: an object of a kind that the contract does not know; its member is left out.
std::optional<Value> ReadValue(const Node& node);

// load_field.cpp
RelationKind RelationKindAt(const Node& node);
Field ReadField(const Node& node, const Manifest& manifest, const Model* owner);

// The model that a label names, or null where the label is absent or null.
const Model* ModelAt(const Node& node, std::string_view key, const Manifest& manifest);

}  // namespace ormc::manifest
