// Activations and their gradients, for float and double from one template.
#include "ck_core.h"
#include "ck_nn.h"
#include "core/vmath.h"

// Each number by itself: safe in place too, which clang cannot know.
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (int64_t k = 0; k < count; k++)

#define REAL float
#define NAME(x) x##_f32
#define EXP ck_exp32
#define SIGMOID ck_sigmoid32
#define TANH ck_tanh32
#define LOG1P_UNIT ck_log1p_unit32
#define NORMAL_TAIL ck_normal_tail32
#define ABS fabsf
#include "activation_template.h"
#undef REAL
#undef NAME
#undef EXP
#undef SIGMOID
#undef TANH
#undef LOG1P_UNIT
#undef NORMAL_TAIL
#undef ABS

#define REAL double
#define NAME(x) x##_f64
#define EXP ck_exp64
#define SIGMOID ck_sigmoid64
#define TANH ck_tanh64
#define LOG1P_UNIT ck_log1p_unit64
#define NORMAL_TAIL ck_normal_tail64
#define ABS fabs
#include "activation_template.h"
