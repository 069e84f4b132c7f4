// Networks in use, from C: a plan is made once, is given weights, and takes batches of examples.
#ifndef DESCENT_CINFERENCE_H
#define DESCENT_CINFERENCE_H

#include "ci_convolution.h"
#include "ci_plan.h"

#endif
