// Included by softmax.c once for each of REAL = float and double; NAME(x) adds the suffix, and EXP and
// LOG are that type's functions.

CK_CLONES
void NAME(ck_column_sums)(int64_t rows, int64_t columns, const REAL *restrict x, REAL *restrict sums) {
    enum { TOGETHER = 32, FEW = 8 };
    int64_t j = 0;
    // Sums in registers: in memory each waits for the row before.
    for (; j + TOGETHER <= columns; j += TOGETHER) {
        REAL sum[TOGETHER] = {0};
        for (int64_t i = 0; i < rows; i++)
            for (int k = 0; k < TOGETHER; k++) sum[k] += x[i * columns + j + k];
        memcpy(sums + j, sum, sizeof sum);
    }
    for (; j + FEW <= columns; j += FEW) {
        REAL sum[FEW] = {0};
        for (int64_t i = 0; i < rows; i++)
            for (int k = 0; k < FEW; k++) sum[k] += x[i * columns + j + k];
        memcpy(sums + j, sum, sizeof sum);
    }
    for (; j < columns; j++) {
        REAL sum = 0;
        for (int64_t i = 0; i < rows; i++) sum += x[i * columns + j];
        sums[j] = sum;
    }
}

/// out = exp(x - max); returns the sum of the row.
CK_INLINE REAL NAME(shifted_exp)(int64_t columns, const REAL *x, REAL *out, REAL *maximum) {
    REAL largest = x[0];
    for (int64_t j = 1; j < columns; j++) largest = x[j] > largest ? x[j] : largest;
    for (int64_t j = 0; j < columns; j++) out[j] = EXP(x[j] - largest);
    REAL sum = 0;
    for (int64_t j = 0; j < columns; j++) sum += out[j];
    *maximum = largest;
    return sum;
}

CK_CLONES
void NAME(ck_softmax_some_rows)(int64_t first, int64_t end, int64_t columns, const REAL *x, REAL *out) {
    for (int64_t i = first; i < end && columns > 0; i++) {
        REAL maximum, *row = out + i * columns;
        REAL sum = NAME(shifted_exp)(columns, x + i * columns, row, &maximum);
        for (int64_t j = 0; j < columns; j++) row[j] /= sum;
    }
}

CK_CLONES
void NAME(ck_softmax_gradient_some_rows)(int64_t first, int64_t end, int64_t columns, const REAL *p,
                                         const REAL *upstream, REAL *delta) {
    for (int64_t i = first; i < end; i++) {
        REAL dot = 0;
        for (int64_t j = 0; j < columns; j++) dot += p[i * columns + j] * upstream[i * columns + j];
        for (int64_t j = 0; j < columns; j++)
            delta[i * columns + j] = p[i * columns + j] * (upstream[i * columns + j] - dot);
    }
}

struct NAME(softmax_job) {
    int32_t parts;
    int64_t rows, columns;
    const REAL *x, *upstream;
    REAL *out;
};

static void NAME(softmax_part)(void *context, int32_t part) {
    struct NAME(softmax_job) *job = context;
    int64_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    if (job->upstream)
        NAME(ck_softmax_gradient_some_rows)(first, end, job->columns, job->x, job->upstream, job->out);
    else
        NAME(ck_softmax_some_rows)(first, end, job->columns, job->x, job->out);
}

static void NAME(softmax_run)(struct NAME(softmax_job) job) {
    job.parts = ck_elementwise_parts(job.rows * job.columns);
    ck_parallel(job.parts, NAME(softmax_part), &job);
}

void NAME(ck_softmax_rows)(int64_t rows, int64_t columns, const REAL *x, REAL *out) {
    NAME(softmax_run)((struct NAME(softmax_job)){.rows = rows, .columns = columns, .x = x, .out = out});
}

void NAME(ck_softmax_gradient)(int64_t rows, int64_t columns, const REAL *p, const REAL *upstream, REAL *delta) {
    if (rows == 0 || columns == 0) return;
    NAME(softmax_run)((struct NAME(softmax_job)){
        .rows = rows, .columns = columns, .x = p, .upstream = upstream, .out = delta});
}

CK_CLONES
double NAME(ck_softmax_cross_entropy)(int64_t rows, int64_t columns, const REAL *logits, const int32_t *labels,
                                      REAL *p) {
    enum { ROWS = 64 };
    double total = 0;
    REAL sums[ROWS], scores[ROWS];
    for (int64_t first = 0; first < rows; first += ROWS) {
        int64_t count = rows - first < ROWS ? rows - first : ROWS;
        REAL *block = p + first * columns;
        for (int64_t i = 0; i < count; i++) {
            const REAL *x = logits + (first + i) * columns;
            REAL maximum = x[0], *row = block + i * columns;
            for (int64_t j = 1; j < columns; j++) maximum = x[j] > maximum ? x[j] : maximum;
            for (int64_t j = 0; j < columns; j++) row[j] = x[j] - maximum;
            scores[i] = row[labels[first + i]];
        }
        // The exponentials of many short rows as one long one.
        for (int64_t k = 0; k < count * columns; k++) block[k] = EXP(block[k]);
        for (int64_t i = 0; i < count; i++) {
            REAL *row = block + i * columns, sum = 0;
            for (int64_t j = 0; j < columns; j++) sum += row[j];
            sums[i] = sum;
            REAL scale = 1 / sum;
            for (int64_t j = 0; j < columns; j++) row[j] *= scale;
        }
        // From the sums, not from p: p may round to zero, its logarithm here never to infinity.
        for (int64_t i = 0; i < count; i++) sums[i] = LOG(sums[i]) - scores[i];
        for (int64_t i = 0; i < count; i++) total += (double)sums[i];
    }
    return total;
}

CK_CLONES
void NAME(ck_softmax_cross_entropy_gradient)(int64_t rows, int64_t columns, const REAL *p, const int32_t *labels,
                                             REAL scale, REAL *delta) {
    for (int64_t k = 0; k < rows * columns; k++) delta[k] = p[k] * scale;
    for (int64_t i = 0; i < rows; i++) delta[i * columns + labels[i]] -= scale;
}

CK_CLONES
double NAME(ck_soft_cross_entropy)(int64_t rows, int64_t columns, const REAL *logits, const REAL *targets,
                                   REAL *p) {
    double total = 0;
    for (int64_t i = 0; i < rows && columns > 0; i++) {
        const REAL *x = logits + i * columns, *t = targets + i * columns;
        REAL maximum, *row = p + i * columns;
        REAL sum = NAME(shifted_exp)(columns, x, row, &maximum), scale = 1 / sum, weighed = 0;
        for (int64_t j = 0; j < columns; j++) row[j] *= scale;
        // Not log(sum) + maximum: a large score would leave nothing of the logarithm.
        sum = LOG(sum);
        // A target of zero asks nothing of its score, not even that it be finite.
        for (int64_t j = 0; j < columns; j++) weighed += t[j] == 0 ? 0 : t[j] * (sum + (maximum - x[j]));
        total += (double)weighed;
    }
    return total;
}

CK_CLONES
void NAME(ck_soft_cross_entropy_gradient)(int64_t rows, int64_t columns, const REAL *p, const REAL *targets,
                                          REAL scale, REAL *delta) {
    for (int64_t i = 0; i < rows; i++) {
        const REAL *t = targets + i * columns;
        REAL sum = 0;
        for (int64_t j = 0; j < columns; j++) sum += t[j];
        for (int64_t j = 0; j < columns; j++)
            delta[i * columns + j] = (p[i * columns + j] * sum - t[j]) * scale;
    }
}

CK_CLONES
void NAME(ck_argmax_rows)(int64_t rows, int64_t columns, const REAL *x, int32_t *places) {
    for (int64_t i = 0; i < rows; i++) {
        int32_t best = 0;
        for (int64_t j = 1; j < columns; j++)
            if (x[i * columns + j] > x[i * columns + best]) best = (int32_t)j;
        places[i] = best;
    }
}

CK_CLONES
int32_t NAME(ck_all_finite)(int64_t count, const REAL *x) {
    // 0 * x is 0 for a finite x and NaN for any other. Sixteen sums side by side wait for none of the others.
    REAL sums[16] = {0};
    int64_t k = 0;
    for (; k + 16 <= count; k += 16)
        for (int64_t l = 0; l < 16; l++) sums[l] += 0 * x[k + l];
    for (; k < count; k++) sums[0] += 0 * x[k];
    int32_t finite = 1;
    for (int64_t l = 0; l < 16; l++) finite &= sums[l] == 0;
    return finite;
}

CK_CLONES
void NAME(ck_accumulate)(int64_t count, const REAL *restrict x, REAL *restrict y) {
    for (int64_t k = 0; k < count; k++) y[k] += x[k];
}
