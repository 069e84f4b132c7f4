// Kernels of ONNX's operators, from C.
#ifndef DESCENT_CGRAPH_H
#define DESCENT_CGRAPH_H

#include "cg_elements.h"
#include "cg_movement.h"
#include "cg_regions.h"
#include "cg_windows.h"

#endif
