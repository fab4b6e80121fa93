#include "server/engine/masked_names.h"

#include <algorithm>
#include <cctype>

namespace ormc::server {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::vector<std::string> MaskedNames(const NativeSite& site) {
  std::vector<std::string> names;
  for (const policy::MaskEntry& mask : site.policy.masked) {
    const size_t dot = mask.field.rfind('.');
    const std::string name = mask.field.substr(dot + 1);
    names.push_back(Lower(name));
    const manifest::Model* model = site.manifest->Find(mask.field.substr(0, dot));
    if (model == nullptr) continue;
    for (const manifest::Field& field : model->fields) {
      if (field.name == name && !field.verbose_name.empty())
        names.push_back(Lower(field.verbose_name));
    }
  }
  return names;
}

}  // namespace ormc::server
