#include "ck_train.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_vmath.h"
#include "ck_pool.h"

/// Parts for a pass over `count` numbers that are worked on one by one: none below some thousands, where handing
/// over costs more than the work.
static int32_t parts_for(int64_t count) {
    int64_t parts = count / 16384;
    return parts < 1 ? 1 : parts > 1024 ? 1024 : (int32_t)parts;
}

#define REAL float
#define NAME(x) x##_f32
#define EXP ck_exp32
#define SIGMOID ck_sigmoid32
#define TANH ck_tanh32
#define LOG ck_log32
#include "train_template.h"
#undef REAL
#undef NAME
#undef EXP
#undef SIGMOID
#undef TANH
#undef LOG

#define REAL double
#define NAME(x) x##_f64
#define EXP ck_exp64
#define SIGMOID ck_sigmoid64
#define TANH ck_tanh64
#define LOG ck_log64
#include "train_template.h"
