// What a library does not do: the vectorised inner loops of Descent.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_activation.h"
#include "ck_augment.h"
#include "ck_buffer.h"
#include "ck_clones.h"
#include "ck_elementwise.h"
#include "ck_features.h"
#include "ck_forward.h"
#include "ck_digits.h"
#include "ck_graph.h"
#include "ck_half.h"
#include "ck_images.h"
#include "ck_linear.h"
#include "ck_losses.h"
#include "ck_neighbors.h"
#include "ck_normalization.h"
#include "ck_philox.h"
#include "ck_passes.h"
#include "ck_pool.h"
#include "ck_processor.h"
#include "ck_sparse.h"
#include "ck_train.h"
#include "ck_random.h"
#include "ck_reduce.h"
#include "ck_sort.h"
#include "ck_svm.h"
#include "ck_text.h"

#endif
