// A thin layer over oneDNN: the products of Arrays and Autodiff, on Descent's own threads. Versions 2 and 3 of oneDNN;
// the differences are in versions.c.
#ifndef DESCENT_CONEDNN_H
#define DESCENT_CONEDNN_H

#include "cdnn_products.h"
#include "cdnn_convolution.h"

#endif
