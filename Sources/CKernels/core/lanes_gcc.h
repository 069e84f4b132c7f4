// What lanes.h and the kernels ask of clang and GCC has not, by GCC's vector operators: the same results, lane by
// lane. Descent is built with clang, which the Swift toolchain brings; GCC's warnings and sanitizers read the kernels
// too (Tests/Systems/compilers).
#ifndef CK_CORE_LANES_GCC_H
#define CK_CORE_LANES_GCC_H

/// A vector whose lanes are a's where the mask is -1, and b's where it is 0.
#define CK_PICK(mask, a, b) \
    ((__typeof__(a))(((__typeof__(mask))(a) & (mask)) | ((__typeof__(mask))(b) & ~(mask))))

// As fmin and fmax: of a number and a NaN, the number.
#define __builtin_elementwise_min(a, b)                                                       \
    ({                                                                                        \
        __typeof__(+(a)) ck_a_ = (a), ck_b_ = (b);                                            \
        __typeof__(ck_a_ < ck_b_) ck_m_ = (ck_a_ < ck_b_) | (ck_b_ != ck_b_);                 \
        CK_PICK(ck_m_, ck_a_, ck_b_);                                                         \
    })
#define __builtin_elementwise_max(a, b)                                                       \
    ({                                                                                        \
        __typeof__(+(a)) ck_a_ = (a), ck_b_ = (b);                                            \
        __typeof__(ck_a_ > ck_b_) ck_m_ = (ck_a_ > ck_b_) | (ck_b_ != ck_b_);                 \
        CK_PICK(ck_m_, ck_a_, ck_b_);                                                         \
    })
// Of floats: all bits but the sign.
#define __builtin_elementwise_abs(a)                                                          \
    ({                                                                                        \
        __typeof__(+(a)) ck_a_ = (a);                                                         \
        __typeof__(ck_a_ < ck_a_) ck_bits_ = (__typeof__(ck_a_ < ck_a_))ck_a_ & 0x7FFFFFFF;   \
        (__typeof__(ck_a_))ck_bits_;                                                          \
    })
#define __builtin_elementwise_sqrt(a)                                                         \
    ({                                                                                        \
        __typeof__(+(a)) ck_a_ = (a);                                                         \
        for (unsigned ck_i_ = 0; ck_i_ < sizeof ck_a_ / sizeof ck_a_[0]; ck_i_++)             \
            ck_a_[ck_i_] = __builtin_sqrtf(ck_a_[ck_i_]);                                     \
        ck_a_;                                                                                \
    })
#define __builtin_reduce_or(a)                                                                \
    ({                                                                                        \
        __typeof__(+(a)) ck_a_ = (a);                                                         \
        __typeof__(ck_a_[0] + 0) ck_all_ = 0;                                                 \
        for (unsigned ck_i_ = 0; ck_i_ < sizeof ck_a_ / sizeof ck_a_[0]; ck_i_++)             \
            ck_all_ |= ck_a_[ck_i_];                                                          \
        ck_all_;                                                                              \
    })
#define CK_LANE_BITS(lanes, number, condition)                                                              \
    ({                                                                                                      \
        __typeof__(+(condition)) ck_c_ = (condition);                                                       \
        number ck_n_ = 0;                                                                                   \
        for (int ck_i_ = 0; ck_i_ < lanes; ck_i_++) ck_n_ |= (number)((number)(ck_c_[ck_i_] & 1) << ck_i_); \
        ck_n_;                                                                                              \
    })

#endif
