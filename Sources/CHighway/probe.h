// What ./descent compiles and links to see whether Highway's sort is installed; it is C++, and the script's program is C.
#if !__has_include(<hwy/contrib/sort/vqsort.h>)
#error "the header is missing"
#endif
/// The constructor of hwy::Sorter, as the linker knows it.
extern void _ZN3hwy6SorterC1Ev(void);
/// The sort of 128-bit keys, which sort.cpp calls too: the youngest of what it needs.
extern void _ZNK3hwy6SorterclEPNS_9uint128_tEmNS_13SortAscendingE(void);
