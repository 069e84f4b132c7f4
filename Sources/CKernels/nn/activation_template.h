// Included by activation.c once for each of CK_REAL = float and double; CK_NAME(x) adds the suffix, and the names in
// capitals are that type's functions.

/// The probability that a standard normal number is below z; `density` gets exp(-z^2 / 2).
CK_INLINE CK_REAL CK_NAME(normal_below)(CK_REAL z, CK_REAL *density) {
    CK_REAL e = CK_EXP((CK_REAL)-0.5 * z * z), tail = CK_NORMAL_TAIL(CK_ABS(z), e);
    *density = e;
    return z < 0 ? tail : 1 - tail;
}

/// The argument of tanh in GELU's second form: sqrt(2 / pi) (z + 0.044715 z^3).
CK_INLINE CK_REAL CK_NAME(gelu_inner)(CK_REAL z) {
    return (CK_REAL)0.7978845608028654 * (z + (CK_REAL)0.044715 * z * z * z);
}

CK_CLONES
static void CK_NAME(ck_activate_range)(int32_t activation, CK_REAL parameter, ptrdiff_t count, const CK_REAL *z,
                                       CK_REAL *y) {
    switch (activation) {
    case CK_ACTIVATION_SIGMOID:
        ACTIVATION_EACH y[k] = CK_SIGMOID(z[k]);
        break;
    case CK_ACTIVATION_RELU:
        ACTIVATION_EACH y[k] = z[k] < 0 ? 0 : z[k];
        break;
    case CK_ACTIVATION_TANH:
        ACTIVATION_EACH y[k] = CK_TANH(z[k]);
        break;
    case CK_ACTIVATION_LEAKY_RELU:
        ACTIVATION_EACH y[k] = z[k] < 0 ? parameter * z[k] : z[k];
        break;
    case CK_ACTIVATION_ELU:
        // exp(z) - 1 = tanh(z / 2) (exp(z) + 1), which loses no digits near zero.
        ACTIVATION_EACH {
            CK_REAL below = z[k] < 0 ? z[k] : 0;
            CK_REAL value = parameter * (CK_TANH((CK_REAL)0.5 * below) * (CK_EXP(below) + 1));
            y[k] = z[k] < 0 ? value : z[k];
        }
        break;
    case CK_ACTIVATION_GELU:
        ACTIVATION_EACH {
            CK_REAL density;
            y[k] = z[k] * CK_NAME(normal_below)(z[k], &density);
        }
        break;
    case CK_ACTIVATION_GELU_TANH:
        ACTIVATION_EACH y[k] = (CK_REAL)0.5 * z[k] * (1 + CK_TANH(CK_NAME(gelu_inner)(z[k])));
        break;
    case CK_ACTIVATION_SILU:
        ACTIVATION_EACH y[k] = z[k] * CK_SIGMOID(z[k]);
        break;
    case CK_ACTIVATION_SOFTPLUS:
        ACTIVATION_EACH y[k] = (z[k] < 0 ? 0 : z[k]) + CK_LOG1P_UNIT(CK_EXP(-CK_ABS(z[k])));
        break;
    default:
        if (y != z) ACTIVATION_EACH y[k] = z[k];
        break;
    }
}

CK_CLONES
static void CK_NAME(ck_bias_activation_rows)(int32_t activation, CK_REAL parameter, ptrdiff_t rows, ptrdiff_t columns,
                                             const CK_REAL *bias, CK_REAL *z) {
    for (ptrdiff_t i = 0; i < rows && bias; i++) {
        CK_REAL *row = z + i * columns;
        for (ptrdiff_t j = 0; j < columns; j++) row[j] += bias[j];
    }
    CK_NAME(ck_activate_range)(activation, parameter, rows * columns, z, z);
}

CK_CLONES
static void CK_NAME(ck_activation_gradient_range)(int32_t activation, CK_REAL parameter, ptrdiff_t count,
                                                  const CK_REAL *v, const CK_REAL *upstream, CK_REAL *delta) {
    switch (activation) {
    case CK_ACTIVATION_SIGMOID:
        ACTIVATION_EACH delta[k] = upstream[k] * v[k] * (1 - v[k]);
        break;
    case CK_ACTIVATION_RELU:
        // What is no number is not below zero either, here and below.
        ACTIVATION_EACH delta[k] = v[k] <= 0 ? 0 : upstream[k];
        break;
    case CK_ACTIVATION_TANH:
        ACTIVATION_EACH delta[k] = upstream[k] * (1 - v[k] * v[k]);
        break;
    case CK_ACTIVATION_LEAKY_RELU:
        ACTIVATION_EACH delta[k] = v[k] <= 0 ? parameter * upstream[k] : upstream[k];
        break;
    case CK_ACTIVATION_ELU:
        ACTIVATION_EACH delta[k] = v[k] <= 0 ? upstream[k] * (v[k] + parameter) : upstream[k];
        break;
    case CK_ACTIVATION_GELU:
        ACTIVATION_EACH {
            CK_REAL density, below = CK_NAME(normal_below)(v[k], &density);
            delta[k] = upstream[k] * (below + v[k] * density * (CK_REAL)0.3989422804014327);
        }
        break;
    case CK_ACTIVATION_GELU_TANH:
        ACTIVATION_EACH {
            CK_REAL z = v[k], t = CK_TANH(CK_NAME(gelu_inner)(z));
            CK_REAL slope = (CK_REAL)0.7978845608028654 * (1 + (CK_REAL)(3 * 0.044715) * z * z);
            delta[k] = upstream[k] * (CK_REAL)0.5 * (1 + t + z * (1 - t * t) * slope);
        }
        break;
    case CK_ACTIVATION_SILU:
        ACTIVATION_EACH {
            CK_REAL s = CK_SIGMOID(v[k]);
            delta[k] = upstream[k] * (s + v[k] * s * (1 - s));
        }
        break;
    case CK_ACTIVATION_SOFTPLUS:
        ACTIVATION_EACH delta[k] = upstream[k] * CK_SIGMOID(v[k]);
        break;
    default:
        ACTIVATION_EACH delta[k] = upstream[k];
        break;
    }
}

struct CK_NAME(activation_job) {
    int32_t activation, parts;
    CK_REAL parameter;
    ptrdiff_t rows, columns;
    const CK_REAL *in, *upstream;
    CK_REAL *out;
};

static void CK_NAME(bias_part)(void *context, int32_t part) {
    struct CK_NAME(activation_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    CK_NAME(ck_bias_activation_rows)(job->activation, job->parameter, end - first, job->columns, job->in,
                                  job->out + first * job->columns);
}

void CK_NAME(ck_bias_activation)(int32_t activation, CK_REAL parameter, ptrdiff_t rows, ptrdiff_t columns,
                                 const CK_REAL *bias, CK_REAL *z) {
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(z, rows * columns);
    struct CK_NAME(activation_job) job = {activation, ck_elementwise_parts(rows * columns), parameter, rows, columns,
                                       bias, 0, z};
    ck_parallel(job.parts, CK_NAME(bias_part), &job);
}

static void CK_NAME(activate_part)(void *context, int32_t part) {
    struct CK_NAME(activation_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->columns, job->parts, part, &first, &end);
    if (job->upstream)
        CK_NAME(ck_activation_gradient_range)(job->activation, job->parameter, end - first, job->in + first,
                                           job->upstream + first, job->out + first);
    else
        CK_NAME(ck_activate_range)(job->activation, job->parameter, end - first, job->in + first,
                                job->out + first);
}

void CK_NAME(ck_activate)(int32_t activation, CK_REAL parameter, ptrdiff_t count, const CK_REAL *z, CK_REAL *y) {
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(z, count);
    CK_ASSERT_MEMORY(y, count);
    struct CK_NAME(activation_job) job = {activation, ck_elementwise_parts(count), parameter, 1, count, z, 0, y};
    if (count > 0) ck_parallel(job.parts, CK_NAME(activate_part), &job);
}

void CK_NAME(ck_activation_gradient)(int32_t activation, CK_REAL parameter, ptrdiff_t count, const CK_REAL *v,
                                     const CK_REAL *upstream, CK_REAL *delta) {
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(v, count);
    CK_ASSERT_MEMORY(upstream, count);
    CK_ASSERT_MEMORY(delta, count);
    struct CK_NAME(activation_job) job = {activation, ck_elementwise_parts(count), parameter, 1, count,
                                       v, upstream, delta};
    if (count > 0) ck_parallel(job.parts, CK_NAME(activate_part), &job);
}
