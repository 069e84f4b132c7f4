// Layer normalisation, for float and double from one template.
#include <math.h>

#include "ck_core.h"
#include "ck_nn.h"

#define REAL float
#define NAME(x) x##_f32
#define ROOT sqrtf
#include "normalization_template.h"
#undef REAL
#undef NAME
#undef ROOT

#define REAL double
#define NAME(x) x##_f64
#define ROOT sqrt
#include "normalization_template.h"
