// What Prometheus may ask for: requests, questions, tokens, with closed sets of labels.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ormc::server {

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void Request(std::string_view route, unsigned status, double seconds);
  void Question(std::string_view source, std::string_view state, double seconds);
  void Tokens(int64_t prompt, int64_t completion);
  std::string Render() const;  // the text format

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace ormc::server
