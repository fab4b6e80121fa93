// Snippets out of the fuzzer's bytes: the rows of snippets.def, with the manifest's names and the
// catalogue's.  Hidden names come as often as shown ones.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/manifest/manifest.h"

namespace ormc::fuzz {

class SnippetWriter {
 public:
  SnippetWriter(FuzzedDataProvider& bytes, const manifest::Manifest& manifest);

  std::string Write();

 private:
  // What a name that is written next belongs to.
  struct Place {
    const manifest::Model* model = nullptr;
    size_t annotations = 0;
  };

  void WriteRule(std::string_view rule);
  void WriteText(std::string_view text);
  void WriteHole(std::string_view hole);
  // Of so many; the first where the text should come to an end.
  size_t Pick(size_t count);

  // What stands in a hole.
  void WriteModel(std::string_view);
  void WriteSame(std::string_view);
  void WritePath(std::string_view sort);
  void WriteAttribute(std::string_view sort);
  void WriteOuter(std::string_view);
  void WriteRelation(std::string_view);
  void WriteAccessor(std::string_view);
  void WriteNew(std::string_view);
  void WriteAnnotation(std::string_view);
  void WriteFunction(std::string_view);

  enum class By : uint8_t { kLookup, kAttribute };
  static std::string_view Between(By by);
  const manifest::Model& Here() const;
  const manifest::Model& WriteSteps(const manifest::Model& from, size_t count, By by);
  void WriteNames(const manifest::Model& from, std::string_view sort, By by);

  FuzzedDataProvider& bytes_;
  std::vector<const manifest::Model*> models_;  // that have a name of their own
  Place here_;
  Place around_;
  size_t depth_ = 0;
  std::string text_;
};

}  // namespace ormc::fuzz
