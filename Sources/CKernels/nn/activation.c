// Activations and their gradients, for float and double from one template.
#include "ck_core.h"
#include "ck_nn.h"
#include "core/loops.h"
#include "core/vmath.h"

// Each number by itself: safe in place too, which clang cannot know.
#define ACTIVATION_EACH CK_VECTORIZED for (ptrdiff_t k = 0; k < count; k++)

#define CK_REAL float
#define CK_NAME(x) x##_f32
#define CK_EXP ck_exp32
#define CK_SIGMOID ck_sigmoid32
#define CK_TANH ck_tanh32
#define CK_LOG1P_UNIT ck_log1p_unit32
#define CK_NORMAL_TAIL ck_normal_tail32
#define CK_ABS fabsf
#include "activation_template.h"
#undef CK_REAL
#undef CK_NAME
#undef CK_EXP
#undef CK_SIGMOID
#undef CK_TANH
#undef CK_LOG1P_UNIT
#undef CK_NORMAL_TAIL
#undef CK_ABS

#define CK_REAL double
#define CK_NAME(x) x##_f64
#define CK_EXP ck_exp64
#define CK_SIGMOID ck_sigmoid64
#define CK_TANH ck_tanh64
#define CK_LOG1P_UNIT ck_log1p_unit64
#define CK_NORMAL_TAIL ck_normal_tail64
#define CK_ABS fabs
#include "activation_template.h"
