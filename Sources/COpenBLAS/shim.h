// The part of OpenBLAS that Arrays uses: matrix products in Double (oneDNN has none).
#include <cblas.h>
