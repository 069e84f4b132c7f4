// What is said to the compiler of a loop.
#ifndef CK_CORE_LOOPS_H
#define CK_CORE_LOOPS_H

/// No turn reads what another one writes, though the addresses do not show it.
#define CK_VECTORIZED _Pragma("clang loop vectorize(assume_safety)")
/// It calls the C library.
#define CK_NOT_VECTORIZED _Pragma("clang loop vectorize(disable)")
#define CK_UNROLLED _Pragma("clang loop unroll(full)")

#endif
