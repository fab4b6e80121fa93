// The shape of a model's rows lives beside the values, which know instances.
#pragma once

#include "compiler/values/instance.h"  // IWYU pragma: export
