// Included by activation.c once for each of REAL = float and double; NAME(x) adds the suffix, and the names in
// capitals are that type's functions.

/// The probability that a standard normal number is below z; `density` gets exp(-z^2 / 2).
CK_INLINE REAL NAME(normal_below)(REAL z, REAL *density) {
    REAL e = EXP((REAL)-0.5 * z * z), tail = NORMAL_TAIL(ABS(z), e);
    *density = e;
    return z < 0 ? tail : 1 - tail;
}

/// The argument of tanh in GELU's second form: sqrt(2 / pi) (z + 0.044715 z^3).
CK_INLINE REAL NAME(gelu_inner)(REAL z) {
    return (REAL)0.7978845608028654 * (z + (REAL)0.044715 * z * z * z);
}

CK_CLONES
void NAME(ck_activate_range)(int32_t activation, REAL parameter, int64_t count, const REAL *z, REAL *y) {
    switch (activation) {
    case CK_ACTIVATION_SIGMOID:
        EACH y[k] = SIGMOID(z[k]);
        break;
    case CK_ACTIVATION_RELU:
        EACH y[k] = z[k] < 0 ? 0 : z[k];
        break;
    case CK_ACTIVATION_TANH:
        EACH y[k] = TANH(z[k]);
        break;
    case CK_ACTIVATION_LEAKY_RELU:
        EACH y[k] = z[k] < 0 ? parameter * z[k] : z[k];
        break;
    case CK_ACTIVATION_ELU:
        // exp(z) - 1 = tanh(z / 2) (exp(z) + 1), which loses no digits near zero.
        EACH {
            REAL below = z[k] < 0 ? z[k] : 0;
            REAL value = parameter * (TANH((REAL)0.5 * below) * (EXP(below) + 1));
            y[k] = z[k] < 0 ? value : z[k];
        }
        break;
    case CK_ACTIVATION_GELU:
        EACH {
            REAL density;
            y[k] = z[k] * NAME(normal_below)(z[k], &density);
        }
        break;
    case CK_ACTIVATION_GELU_TANH:
        EACH y[k] = (REAL)0.5 * z[k] * (1 + TANH(NAME(gelu_inner)(z[k])));
        break;
    case CK_ACTIVATION_SILU:
        EACH y[k] = z[k] * SIGMOID(z[k]);
        break;
    case CK_ACTIVATION_SOFTPLUS:
        EACH y[k] = (z[k] < 0 ? 0 : z[k]) + LOG1P_UNIT(EXP(-ABS(z[k])));
        break;
    default:
        if (y != z) EACH y[k] = z[k];
        break;
    }
}

CK_CLONES
void NAME(ck_bias_activation_rows)(int32_t activation, REAL parameter, int64_t rows, int64_t columns,
                                   const REAL *bias, REAL *z) {
    for (int64_t i = 0; i < rows && bias; i++) {
        REAL *row = z + i * columns;
        for (int64_t j = 0; j < columns; j++) row[j] += bias[j];
    }
    NAME(ck_activate_range)(activation, parameter, rows * columns, z, z);
}

CK_CLONES
void NAME(ck_activation_gradient_range)(int32_t activation, REAL parameter, int64_t count, const REAL *v,
                                        const REAL *upstream, REAL *delta) {
    switch (activation) {
    case CK_ACTIVATION_SIGMOID:
        EACH delta[k] = upstream[k] * v[k] * (1 - v[k]);
        break;
    case CK_ACTIVATION_RELU:
        // What is no number is not below zero either, here and below.
        EACH delta[k] = v[k] <= 0 ? 0 : upstream[k];
        break;
    case CK_ACTIVATION_TANH:
        EACH delta[k] = upstream[k] * (1 - v[k] * v[k]);
        break;
    case CK_ACTIVATION_LEAKY_RELU:
        EACH delta[k] = v[k] <= 0 ? parameter * upstream[k] : upstream[k];
        break;
    case CK_ACTIVATION_ELU:
        EACH delta[k] = v[k] <= 0 ? upstream[k] * (v[k] + parameter) : upstream[k];
        break;
    case CK_ACTIVATION_GELU:
        EACH {
            REAL density, below = NAME(normal_below)(v[k], &density);
            delta[k] = upstream[k] * (below + v[k] * density * (REAL)0.3989422804014327);
        }
        break;
    case CK_ACTIVATION_GELU_TANH:
        EACH {
            REAL z = v[k], t = TANH(NAME(gelu_inner)(z));
            REAL slope = (REAL)0.7978845608028654 * (1 + (REAL)(3 * 0.044715) * z * z);
            delta[k] = upstream[k] * (REAL)0.5 * (1 + t + z * (1 - t * t) * slope);
        }
        break;
    case CK_ACTIVATION_SILU:
        EACH {
            REAL s = SIGMOID(v[k]);
            delta[k] = upstream[k] * (s + v[k] * s * (1 - s));
        }
        break;
    case CK_ACTIVATION_SOFTPLUS:
        EACH delta[k] = upstream[k] * SIGMOID(v[k]);
        break;
    default:
        EACH delta[k] = upstream[k];
        break;
    }
}

struct NAME(activation_job) {
    int32_t activation, parts;
    REAL parameter;
    int64_t rows, columns;
    const REAL *in, *upstream;
    REAL *out;
};

static void NAME(bias_part)(void *context, int32_t part) {
    struct NAME(activation_job) *job = context;
    int64_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    NAME(ck_bias_activation_rows)(job->activation, job->parameter, end - first, job->columns, job->in,
                                  job->out + first * job->columns);
}

void NAME(ck_bias_activation)(int32_t activation, REAL parameter, int64_t rows, int64_t columns, const REAL *bias,
                              REAL *z) {
    struct NAME(activation_job) job = {activation, ck_elementwise_parts(rows * columns), parameter, rows, columns,
                                       bias, 0, z};
    ck_parallel(job.parts, NAME(bias_part), &job);
}

static void NAME(activate_part)(void *context, int32_t part) {
    struct NAME(activation_job) *job = context;
    int64_t first, end;
    ck_part_range(job->columns, job->parts, part, &first, &end);
    if (job->upstream)
        NAME(ck_activation_gradient_range)(job->activation, job->parameter, end - first, job->in + first,
                                           job->upstream + first, job->out + first);
    else
        NAME(ck_activate_range)(job->activation, job->parameter, end - first, job->in + first,
                                job->out + first);
}

void NAME(ck_activate)(int32_t activation, REAL parameter, int64_t count, const REAL *z, REAL *y) {
    struct NAME(activation_job) job = {activation, ck_elementwise_parts(count), parameter, 1, count, z, 0, y};
    if (count > 0) ck_parallel(job.parts, NAME(activate_part), &job);
}

void NAME(ck_activation_gradient)(int32_t activation, REAL parameter, int64_t count, const REAL *v,
                                  const REAL *upstream, REAL *delta) {
    struct NAME(activation_job) job = {activation, ck_elementwise_parts(count), parameter, 1, count,
                                       v, upstream, delta};
    if (count > 0) ck_parallel(job.parts, NAME(activate_part), &job);
}
