// The vectorised inner loops of Descent that no library provides. One header for each folder, in the order of
// dependency: a folder uses those above it.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_core.h"
#include "ck_array.h"
#include "ck_random.h"
#include "ck_nn.h"
#include "ck_sparse.h"
#include "ck_features.h"
#include "ck_neighbors.h"
#include "ck_svm.h"
#include "ck_synthetic.h"
#include "ck_tables.h"
#include "ck_checks.h"

#endif
