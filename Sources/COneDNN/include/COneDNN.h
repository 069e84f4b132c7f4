// A thin layer over oneDNN: the products that Arrays and Autodiff ask for, on Descent's own threads.
// Versions 2 and 3 of oneDNN; what differs between them is in versions.c.
#ifndef DESCENT_CONEDNN_H
#define DESCENT_CONEDNN_H

#include "cdnn_products.h"
#include "cdnn_convolution.h"

#endif
