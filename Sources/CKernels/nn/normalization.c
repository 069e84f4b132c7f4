// Layer normalisation, for float and double from one template.
#include <math.h>

#include "ck_core.h"
#include "ck_nn.h"

#define CK_REAL float
#define CK_NAME(x) x##_f32
#define CK_ROOT sqrtf
#include "normalization_template.h"
#undef CK_REAL
#undef CK_NAME
#undef CK_ROOT

#define CK_REAL double
#define CK_NAME(x) x##_f64
#define CK_ROOT sqrt
#include "normalization_template.h"
