// One source, compiled for each level of the processor and chosen when the program starts.
#ifndef CK_CLONES_H
#define CK_CLONES_H

// ThreadSanitizer's calls would be in the functions that choose, which run before it is ready: one level there.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CK_ONE_LEVEL
#endif
#elif defined(__SANITIZE_THREAD__)
#define CK_ONE_LEVEL
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(CK_ONE_LEVEL)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif
#define CK_INLINE static inline __attribute__((always_inline))

#endif
