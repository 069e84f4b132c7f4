// Losses by element and the hinge, for float and double from one template.
#include "ck_core.h"
#include "ck_nn.h"
#include "core/vmath.h"

#define CK_REAL float
#define CK_NAME(x) x##_f32
#define CK_EXP ck_exp32
#define CK_SIGMOID ck_sigmoid32
#define CK_LOG1P_UNIT ck_log1p_unit32
#define CK_ABS fabsf
#include "losses_template.h"
#undef CK_REAL
#undef CK_NAME
#undef CK_EXP
#undef CK_SIGMOID
#undef CK_LOG1P_UNIT
#undef CK_ABS

#define CK_REAL double
#define CK_NAME(x) x##_f64
#define CK_EXP ck_exp64
#define CK_SIGMOID ck_sigmoid64
#define CK_LOG1P_UNIT ck_log1p_unit64
#define CK_ABS fabs
#include "losses_template.h"
