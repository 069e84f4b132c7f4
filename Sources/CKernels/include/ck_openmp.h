// Keeps a library that brings OpenMP along to the thread that calls it.
#ifndef CK_OPENMP_H
#define CK_OPENMP_H

/// From now on OpenMP regions that this thread begins have one thread, its own. Debian's OpenBLAS may be the serial
/// or the OpenMP one, whichever the machine prefers; inside our workers neither may start threads, and how it
/// divides a product must not depend on how many it could start.
void ck_one_openmp_thread(void);

#endif
