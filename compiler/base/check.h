#pragma once

#include <stdexcept>
#include <string>

namespace ormc {

// A bug of ours.  Caught only by pipeline::Compile and by the server's request handler, shown as
// ORM900 without detail.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void Check(bool condition, const char* what) {
  if (!condition) throw InternalError(what);
}

// Visitor for std::visit with one lambda an alternative: an alternative without one does not
// compile.
template <class... Lambdas>
struct Overloaded : Lambdas... {
  using Lambdas::operator()...;
};
// clang 16 (fuzzing, clang-tidy) does not deduce an aggregate's arguments by itself.
template <class... Lambdas>
Overloaded(Lambdas...) -> Overloaded<Lambdas...>;

}  // namespace ormc
