// Included by softmax.c once for each of CK_REAL = float and double; CK_NAME(x) adds the suffix, and CK_EXP and
// CK_LOG are that type's functions.

CK_CLONES
void CK_NAME(ck_column_sums)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *restrict x, CK_REAL *restrict sums) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(sums, columns);
    enum { TOGETHER = 32, FEW = 8 };
    ptrdiff_t j = 0;
    // Sums in registers: in memory each waits for the row before.
    for (; j + TOGETHER <= columns; j += TOGETHER) {
        CK_REAL sum[TOGETHER] = {0};
        for (ptrdiff_t i = 0; i < rows; i++)
            for (int k = 0; k < TOGETHER; k++) sum[k] += x[i * columns + j + k];
        memcpy(sums + j, sum, sizeof sum);
    }
    for (; j + FEW <= columns; j += FEW) {
        CK_REAL sum[FEW] = {0};
        for (ptrdiff_t i = 0; i < rows; i++)
            for (int k = 0; k < FEW; k++) sum[k] += x[i * columns + j + k];
        memcpy(sums + j, sum, sizeof sum);
    }
    for (; j < columns; j++) {
        CK_REAL sum = 0;
        for (ptrdiff_t i = 0; i < rows; i++) sum += x[i * columns + j];
        sums[j] = sum;
    }
}

/// out = exp(x - max); returns the sum of the row.
CK_INLINE CK_REAL CK_NAME(shifted_exp)(ptrdiff_t columns, const CK_REAL *x, CK_REAL *out, CK_REAL *maximum) {
    CK_REAL largest = x[0];
    for (ptrdiff_t j = 1; j < columns; j++) largest = x[j] > largest ? x[j] : largest;
    for (ptrdiff_t j = 0; j < columns; j++) out[j] = CK_EXP(x[j] - largest);
    CK_REAL sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) sum += out[j];
    *maximum = largest;
    return sum;
}

CK_CLONES
static void CK_NAME(ck_softmax_some_rows)(ptrdiff_t first, ptrdiff_t end, ptrdiff_t columns, const CK_REAL *x,
                                          CK_REAL *out) {
    for (ptrdiff_t i = first; i < end && columns > 0; i++) {
        CK_REAL maximum, *row = out + i * columns;
        CK_REAL sum = CK_NAME(shifted_exp)(columns, x + i * columns, row, &maximum);
        for (ptrdiff_t j = 0; j < columns; j++) row[j] /= sum;
    }
}

CK_CLONES
static void CK_NAME(ck_softmax_gradient_some_rows)(ptrdiff_t first, ptrdiff_t end, ptrdiff_t columns, const CK_REAL *p,
                                                   const CK_REAL *upstream, CK_REAL *delta) {
    for (ptrdiff_t i = first; i < end; i++) {
        CK_REAL dot = 0;
        for (ptrdiff_t j = 0; j < columns; j++) dot += p[i * columns + j] * upstream[i * columns + j];
        for (ptrdiff_t j = 0; j < columns; j++)
            delta[i * columns + j] = p[i * columns + j] * (upstream[i * columns + j] - dot);
    }
}

struct CK_NAME(softmax_job) {
    int32_t parts;
    ptrdiff_t rows, columns;
    const CK_REAL *x, *upstream;
    CK_REAL *out;
};

static void CK_NAME(softmax_part)(void *context, int32_t part) {
    struct CK_NAME(softmax_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    if (job->upstream)
        CK_NAME(ck_softmax_gradient_some_rows)(first, end, job->columns, job->x, job->upstream, job->out);
    else
        CK_NAME(ck_softmax_some_rows)(first, end, job->columns, job->x, job->out);
}

static void CK_NAME(softmax_run)(struct CK_NAME(softmax_job) job) {
    job.parts = ck_elementwise_parts(job.rows * job.columns);
    ck_parallel(job.parts, CK_NAME(softmax_part), &job);
}

void CK_NAME(ck_softmax_rows)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *x, CK_REAL *out) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(out, rows * columns);
    CK_NAME(softmax_run)((struct CK_NAME(softmax_job)){.rows = rows, .columns = columns, .x = x, .out = out});
}

void CK_NAME(ck_softmax_gradient)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *p, const CK_REAL *upstream,
                                  CK_REAL *delta) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(p, rows * columns);
    CK_ASSERT_MEMORY(upstream, rows * columns);
    CK_ASSERT_MEMORY(delta, rows * columns);
    if (rows == 0 || columns == 0) return;
    CK_NAME(softmax_run)((struct CK_NAME(softmax_job)){
        .rows = rows, .columns = columns, .x = p, .upstream = upstream, .out = delta});
}

CK_CLONES
double CK_NAME(ck_softmax_cross_entropy)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *logits,
                                         const int32_t *labels, CK_REAL *p) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(logits, rows * columns);
    CK_ASSERT_MEMORY(labels, rows);
    CK_ASSERT_MEMORY(p, rows * columns);
    CK_ASSERT_INDICES(labels, rows, columns);
    enum { ROWS = 64 };
    double total = 0;
    CK_REAL sums[ROWS], scores[ROWS];
    for (ptrdiff_t first = 0; first < rows; first += ROWS) {
        ptrdiff_t count = rows - first < ROWS ? rows - first : ROWS;
        CK_REAL *block = p + first * columns;
        for (ptrdiff_t i = 0; i < count; i++) {
            const CK_REAL *x = logits + (first + i) * columns;
            CK_REAL maximum = x[0], *row = block + i * columns;
            for (ptrdiff_t j = 1; j < columns; j++) maximum = x[j] > maximum ? x[j] : maximum;
            for (ptrdiff_t j = 0; j < columns; j++) row[j] = x[j] - maximum;
            scores[i] = row[labels[first + i]];
        }
        // The exponentials of many short rows as one long one.
        for (ptrdiff_t k = 0; k < count * columns; k++) block[k] = CK_EXP(block[k]);
        for (ptrdiff_t i = 0; i < count; i++) {
            CK_REAL *row = block + i * columns, sum = 0;
            for (ptrdiff_t j = 0; j < columns; j++) sum += row[j];
            sums[i] = sum;
            CK_REAL scale = 1 / sum;
            for (ptrdiff_t j = 0; j < columns; j++) row[j] *= scale;
        }
        // From the sums, not from p: p may round to zero, its logarithm here never to infinity.
        for (ptrdiff_t i = 0; i < count; i++) sums[i] = CK_LOG(sums[i]) - scores[i];
        for (ptrdiff_t i = 0; i < count; i++) total += (double)sums[i];
    }
    return total;
}

CK_CLONES
void CK_NAME(ck_softmax_cross_entropy_gradient)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *p,
                                                const int32_t *labels, CK_REAL scale, CK_REAL *delta) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(p, rows * columns);
    CK_ASSERT_MEMORY(labels, rows);
    CK_ASSERT_MEMORY(delta, rows * columns);
    CK_ASSERT_INDICES(labels, rows, columns);
    for (ptrdiff_t k = 0; k < rows * columns; k++) delta[k] = p[k] * scale;
    for (ptrdiff_t i = 0; i < rows; i++) delta[i * columns + labels[i]] -= scale;
}

CK_CLONES
double CK_NAME(ck_soft_cross_entropy)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *logits, const CK_REAL *targets,
                                      CK_REAL *p) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(logits, rows * columns);
    CK_ASSERT_MEMORY(targets, rows * columns);
    CK_ASSERT_MEMORY(p, rows * columns);
    double total = 0;
    for (ptrdiff_t i = 0; i < rows && columns > 0; i++) {
        const CK_REAL *x = logits + i * columns, *t = targets + i * columns;
        CK_REAL maximum, *row = p + i * columns;
        CK_REAL sum = CK_NAME(shifted_exp)(columns, x, row, &maximum), scale = 1 / sum, weighed = 0;
        for (ptrdiff_t j = 0; j < columns; j++) row[j] *= scale;
        // Not log(sum) + maximum: a large score would leave nothing of the logarithm.
        sum = CK_LOG(sum);
        // A target of zero asks nothing of its score, not even that it be finite.
        for (ptrdiff_t j = 0; j < columns; j++) weighed += t[j] == 0 ? 0 : t[j] * (sum + (maximum - x[j]));
        total += (double)weighed;
    }
    return total;
}

CK_CLONES
void CK_NAME(ck_soft_cross_entropy_gradient)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *p,
                                             const CK_REAL *targets, CK_REAL scale, CK_REAL *delta) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(p, rows * columns);
    CK_ASSERT_MEMORY(targets, rows * columns);
    CK_ASSERT_MEMORY(delta, rows * columns);
    for (ptrdiff_t i = 0; i < rows; i++) {
        const CK_REAL *t = targets + i * columns;
        CK_REAL sum = 0;
        for (ptrdiff_t j = 0; j < columns; j++) sum += t[j];
        for (ptrdiff_t j = 0; j < columns; j++)
            delta[i * columns + j] = (p[i * columns + j] * sum - t[j]) * scale;
    }
}

CK_CLONES
void CK_NAME(ck_argmax_rows)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *x, int32_t *places) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(places, rows);
    CK_ASSERT(rows == 0 || columns > 0, == 1);
    for (ptrdiff_t i = 0; i < rows; i++) {
        int32_t best = 0;
        for (ptrdiff_t j = 1; j < columns; j++)
            if (x[i * columns + j] > x[i * columns + best]) best = (int32_t)j;
        places[i] = best;
    }
}

CK_CLONES
int32_t CK_NAME(ck_all_finite)(ptrdiff_t count, const CK_REAL *x) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    // 0 * x is 0 for a finite x and NaN for any other. Sixteen sums side by side wait for none of the others.
    CK_REAL sums[16] = {0};
    ptrdiff_t k = 0;
    for (; k + 16 <= count; k += 16)
        for (ptrdiff_t l = 0; l < 16; l++) sums[l] += 0 * x[k + l];
    for (; k < count; k++) sums[0] += 0 * x[k];
    int32_t finite = 1;
    for (ptrdiff_t l = 0; l < 16; l++) finite &= sums[l] == 0;
    return finite;
}

CK_CLONES
void CK_NAME(ck_accumulate)(ptrdiff_t count, const CK_REAL *restrict x, CK_REAL *restrict y) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    CK_ASSERT_MEMORY(y, count);
    for (ptrdiff_t k = 0; k < count; k++) y[k] += x[k];
}
