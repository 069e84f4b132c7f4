// Included by losses.c once for each of CK_REAL = float and double; CK_NAME(x) adds the suffix, and the names in
// capitals are that type's functions.

/// A block's losses into `values`, their derivatives into `delta`.
CK_INLINE void CK_NAME(loss_block)(int32_t loss, CK_REAL parameter, ptrdiff_t count, const CK_REAL *restrict y,
                                   const CK_REAL *restrict t, CK_REAL *restrict values, CK_REAL *restrict delta) {
    switch (loss) {
    case CK_LOSS_HUBER:
        for (ptrdiff_t k = 0; k < count; k++) {
            CK_REAL e = y[k] - t[k], held = e > parameter ? parameter : e;
            held = held < -parameter ? -parameter : held;
            values[k] = held * (e - (CK_REAL)0.5 * held);
            delta[k] = held;
        }
        break;
    case CK_LOSS_BINARY:
        for (ptrdiff_t k = 0; k < count; k++) {
            // exp of a negative number only: nothing overflows. max(0, y) - y t is |y| times what the target is away
            // from y's side: as a product it does not lose what y and y t have in common, and a score without end on
            // the right side costs nothing.
            CK_REAL away = y[k] < 0 ? t[k] : 1 - t[k];
            values[k] = (away == 0 ? 0 : CK_ABS(y[k]) * away) + CK_LOG1P_UNIT(CK_EXP(-CK_ABS(y[k])));
            delta[k] = CK_SIGMOID(y[k]) - t[k];
        }
        break;
    case CK_LOSS_HINGE:
        for (ptrdiff_t k = 0; k < count; k++) {
            CK_REAL side = 2 * t[k] - 1, short_by = parameter - side * y[k];
            values[k] = short_by <= 0 ? 0 : short_by;
            delta[k] = short_by > 0 ? -side : 0;
        }
        break;
    default:
        for (ptrdiff_t k = 0; k < count; k++) {
            CK_REAL e = y[k] - t[k];
            values[k] = (CK_REAL)0.5 * e * e;
            delta[k] = e;
        }
        break;
    }
}

/// The sum of losses that grow with the distance, in double: a square that is no number of CK_REAL may be small beside the
/// number of examples. `sum` for the others.
static double CK_NAME(wide_sum)(int32_t loss, CK_REAL parameter, ptrdiff_t count, const CK_REAL *y, const CK_REAL *t,
                                double sum) {
    if (loss != CK_LOSS_SQUARED && loss != CK_LOSS_HUBER) return sum;
    sum = 0;
    for (ptrdiff_t k = 0; k < count; k++) {
        double e = (double)y[k] - (double)t[k], held = e;
        if (loss == CK_LOSS_HUBER && e > (double)parameter) held = (double)parameter;
        if (loss == CK_LOSS_HUBER && e < -(double)parameter) held = -(double)parameter;
        sum += held * (e - 0.5 * held);
    }
    return sum;
}

CK_CLONES
static double CK_NAME(ck_element_loss_range)(int32_t loss, CK_REAL parameter, ptrdiff_t count, const CK_REAL *y,
                                             const CK_REAL *t, CK_REAL *delta) {
    enum { BLOCK = 256, LANES = 8 };
    CK_REAL values[BLOCK];
    double lanes[LANES] = {0}, sum = 0;
    for (ptrdiff_t first = 0; first < count; first += BLOCK) {
        ptrdiff_t length = count - first < BLOCK ? count - first : BLOCK, k = 0;
        CK_NAME(loss_block)(loss, parameter, length, y + first, t + first, values, delta + first);
        for (; k + LANES <= length; k += LANES)
            for (int j = 0; j < LANES; j++) lanes[j] += (double)values[k + j];
        for (; k < length; k++) sum += (double)values[k];
    }
    for (int j = 0; j < LANES; j++) sum += lanes[j];
    return sum - sum == 0 ? sum : CK_NAME(wide_sum)(loss, parameter, count, y, t, sum);
}

struct CK_NAME(loss_job) {
    int32_t loss, parts;
    CK_REAL parameter;
    ptrdiff_t count;
    const CK_REAL *y, *t;
    CK_REAL *delta;
    double sums[1024];  // ck_elementwise_parts gives no more
};

static void CK_NAME(loss_part)(void *context, int32_t part) {
    struct CK_NAME(loss_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    job->sums[part] = CK_NAME(ck_element_loss_range)(job->loss, job->parameter, end - first, job->y + first,
                                                  job->t + first, job->delta + first);
}

double CK_NAME(ck_element_loss)(int32_t loss, CK_REAL parameter, ptrdiff_t count, const CK_REAL *y, const CK_REAL *t,
                                CK_REAL *delta) {
    CK_ASSERT_IN(loss, CK_LOSS_SQUARED, CK_LOSS_HINGE);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(y, count);
    CK_ASSERT_MEMORY(t, count);
    CK_ASSERT_MEMORY(delta, count);
    struct CK_NAME(loss_job) job;
    job.loss = loss;
    job.parts = ck_elementwise_parts(count);
    job.parameter = parameter;
    job.count = count;
    job.y = y;
    job.t = t;
    job.delta = delta;
    ck_parallel(job.parts, CK_NAME(loss_part), &job);
    double sum = 0;
    for (int32_t part = 0; part < job.parts; part++) sum += job.sums[part];
    return sum;
}

CK_CLONES
double CK_NAME(ck_hinge)(ptrdiff_t rows, ptrdiff_t columns, CK_REAL margin, const CK_REAL *x, const int32_t *labels,
                         CK_REAL *delta) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(labels, rows);
    CK_ASSERT_MEMORY(delta, rows * columns);
    CK_ASSERT_INDICES(labels, rows, columns);
    double total = 0;
    for (ptrdiff_t i = 0; i < rows; i++) {
        const CK_REAL *restrict row = x + i * columns;
        CK_REAL *restrict out = delta + i * columns;
        const CK_REAL right = row[labels[i]];
        CK_REAL sum = 0, violations = 0;
        // Scores are compared with each other before the margin is added: far from zero it would be rounded away.
        for (ptrdiff_t j = 0; j < columns; j++) out[j] = margin + (row[j] - right) > 0 ? 1 : 0;
        // The label itself is not compared with itself.
        out[labels[i]] = 0;
        for (ptrdiff_t j = 0; j < columns; j++) {
            // Written so that a score that is not a number shows in the sum.
            CK_REAL short_by = margin + (row[j] - right);
            sum += j == labels[i] || short_by <= 0 ? 0 : short_by;
            violations += out[j];
        }
        out[labels[i]] = -violations;
        total += (double)sum;
    }
    return total;
}
