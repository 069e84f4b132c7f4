// Losses by element and the hinge, for float and double from one template.
#include "ck_core.h"
#include "ck_nn.h"
#include "core/vmath.h"

#define REAL float
#define NAME(x) x##_f32
#define EXP ck_exp32
#define SIGMOID ck_sigmoid32
#define LOG1P_UNIT ck_log1p_unit32
#define ABS fabsf
#include "losses_template.h"
#undef REAL
#undef NAME
#undef EXP
#undef SIGMOID
#undef LOG1P_UNIT
#undef ABS

#define REAL double
#define NAME(x) x##_f64
#define EXP ck_exp64
#define SIGMOID ck_sigmoid64
#define LOG1P_UNIT ck_log1p_unit64
#define ABS fabs
#include "losses_template.h"
