// Activations, by themselves and with the bias of the layer before them; for float (_f32) and double (_f64).
#ifndef CK_ACTIVATION_H
#define CK_ACTIVATION_H

#include <stdint.h>

/// The activations of single numbers. `parameter` is the slope of leaky ReLU and the alpha of ELU.
typedef enum {
    CK_ACTIVATION_IDENTITY = 0,
    CK_ACTIVATION_SIGMOID = 1,
    CK_ACTIVATION_RELU = 2,
    CK_ACTIVATION_TANH = 3,
    CK_ACTIVATION_LEAKY_RELU = 4,
    CK_ACTIVATION_ELU = 5,
    CK_ACTIVATION_GELU = 6,
    CK_ACTIVATION_GELU_TANH = 7,
    CK_ACTIVATION_SILU = 8,
    CK_ACTIVATION_SOFTPLUS = 9,
} ck_activation;

#define CK_DECLARE_ACTIVATION(real, suffix)                                                                  \
    /* z = activation(z + bias), each row; bias may be NULL. */                                              \
    void ck_bias_activation_##suffix(int32_t activation, real parameter, int64_t rows, int64_t columns,      \
                                     const real *bias, real *z);                                             \
    /* y = activation(z). */                                                                                 \
    void ck_activate_##suffix(int32_t activation, real parameter, int64_t count, const real *z, real *y);    \
    /* delta = upstream * activation'(z). `v` is y = activation(z) up to CK_ACTIVATION_ELU (which needs a    \
       parameter >= 0 for that), z itself from CK_ACTIVATION_GELU on. */                                     \
    void ck_activation_gradient_##suffix(int32_t activation, real parameter, int64_t count, const real *v,   \
                                         const real *upstream, real *delta);

CK_DECLARE_ACTIVATION(float, f32)
CK_DECLARE_ACTIVATION(double, f64)

#endif
