// Makes a program believe that its processor can do less: AVX2 (LEVEL 3), or no AVX at all (LEVEL 2).
//
// The functions that choose between levels, and ck_this_processor, ask by __cpu_indicator_init of the compiler's library;
// a program that is linked with --wrap=__cpu_indicator_init asks here. The bits are that library's.
extern struct {
    unsigned vendor, type, subtype, features;
} __cpu_model;
extern unsigned __cpu_features2[];

int __real___cpu_indicator_init(void);
int __wrap___cpu_indicator_init(void) {
    int result = __real___cpu_indicator_init();
#if LEVEL < 4
    __cpu_model.features &= ~(1u << 15);  // AVX-512
    __cpu_features2[2] &= ~(1u << 2);     // x86-64-v4
#endif
#if LEVEL < 3
    __cpu_model.features &= ~(1u << 9 | 1u << 10 | 1u << 14);  // AVX, AVX2, FMA
    __cpu_features2[2] &= ~(1u << 1);                          // x86-64-v3
#endif
    return result;
}
