// What a library does not do: the vectorised inner loops of Descent.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_pool.h"
#include "ck_sparse.h"
#include "ck_train.h"
#include "ck_random.h"

#endif
