#include "ck_train.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_vmath.h"
#include "ck_pool.h"

#define REAL float
#define NAME(x) x##_f32
#define EXP ck_exp32
#define LOG ck_log32
#include "train_template.h"
#undef REAL
#undef NAME
#undef EXP
#undef LOG

#define REAL double
#define NAME(x) x##_f64
#define EXP ck_exp64
#define LOG ck_log64
#include "train_template.h"
