// Included by normalization.c once for each of CK_REAL = float and double; CK_NAME(x) adds the suffix.

/// Sums of a row are taken in sixteen lanes, so that they are vectors, and the lanes added in order.
#define CK_NORMALIZATION_LANES 16
#define CK_ROW_SUM(sum, EXPRESSION)                                                        \
    do {                                                                                   \
        CK_REAL lanes[CK_NORMALIZATION_LANES] = {0};                                       \
        ptrdiff_t start = 0;                                                               \
        for (; start + CK_NORMALIZATION_LANES <= columns; start += CK_NORMALIZATION_LANES) \
            for (ptrdiff_t l = 0; l < CK_NORMALIZATION_LANES; l++) {                       \
                ptrdiff_t j = start + l;                                                   \
                lanes[l] += (EXPRESSION);                                                  \
            }                                                                              \
        for (ptrdiff_t j = start; j < columns; j++) sum += (EXPRESSION);                   \
        for (ptrdiff_t l = 0; l < CK_NORMALIZATION_LANES; l++) sum += lanes[l];            \
    } while (0)

/// The sums of d and of d^2, where d is EXPRESSION.
#define CK_ROW_SUMS(sum, squares, EXPRESSION)                                                               \
    do {                                                                                                    \
        CK_REAL lanes[CK_NORMALIZATION_LANES] = {0}, square_lanes[CK_NORMALIZATION_LANES] = {0};            \
        ptrdiff_t start = 0;                                                                                \
        for (; start + CK_NORMALIZATION_LANES <= columns; start += CK_NORMALIZATION_LANES)                  \
            for (ptrdiff_t l = 0; l < CK_NORMALIZATION_LANES; l++) {                                        \
                ptrdiff_t j = start + l;                                                                    \
                CK_REAL d = (EXPRESSION);                                                                   \
                lanes[l] += d;                                                                              \
                square_lanes[l] += d * d;                                                                   \
            }                                                                                               \
        for (ptrdiff_t j = start; j < columns; j++) {                                                       \
            CK_REAL d = (EXPRESSION);                                                                       \
            sum += d;                                                                                       \
            squares += d * d;                                                                               \
        }                                                                                                   \
        for (ptrdiff_t l = 0; l < CK_NORMALIZATION_LANES; l++) sum += lanes[l], squares += square_lanes[l]; \
    } while (0)

/// What is kept of a row: its mean as the nearest number, what the mean is beyond that, and 1 / the deviation. Far from
/// zero a mean of one number alone would be off by as much as the row's numbers differ.
#define CK_ROW_MOMENTS 3

struct CK_NAME(norm_job) {
    int32_t parts;
    ptrdiff_t rows, columns;
    CK_REAL epsilon;
    const CK_REAL *x, *gain, *shift, *moments, *upstream;
    CK_REAL *out, *out_moments;
};

/// The moments of a row in double: of one whose squares are too large for CK_REAL, or zero where nothing is added to
/// them.
static void CK_NAME(careful_moments)(ptrdiff_t columns, const CK_REAL *x, CK_REAL epsilon, CK_REAL *moments) {
    double mean = 0, variance = 0;
    for (ptrdiff_t j = 0; j < columns; j++) mean += (double)x[j] - (double)x[0];
    mean = (double)x[0] + mean / (double)columns;
    for (ptrdiff_t j = 0; j < columns; j++) variance += ((double)x[j] - mean) * ((double)x[j] - mean);
    double spread = variance / (double)columns + (double)epsilon;
    moments[0] = (CK_REAL)mean;
    moments[1] = (CK_REAL)(mean - (double)moments[0]);
    // A constant row has no direction to go in, also where nothing is added to its variance.
    moments[2] = spread == 0 ? 0 : (CK_REAL)(1 / sqrt(spread));
}

CK_CLONES
static void CK_NAME(ck_layer_norm_range)(const struct CK_NAME(norm_job) *job, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t columns = job->columns;
    const CK_REAL *restrict gain = job->gain, *restrict shift = job->shift;
    for (ptrdiff_t i = first; i < end; i++) {
        const CK_REAL *restrict x = job->x + i * columns;
        CK_REAL *restrict y = job->out + i * columns, *moments = job->out_moments + i * CK_ROW_MOMENTS;
        // Of distances, which are exact for numbers near each other, not of the numbers.
        CK_REAL begin = x[0], distance = 0, rest = 0, squares = 0;
        CK_ROW_SUM(distance, x[j] - begin);
        CK_REAL mean = begin + distance / (CK_REAL)columns;
        CK_ROW_SUMS(rest, squares, x[j] - mean);
        rest /= (CK_REAL)columns;
        CK_REAL variance = squares / (CK_REAL)columns - rest * rest;
        // The difference of two equal numbers may be a little below zero.
        variance = variance < 0 ? 0 : variance;
        CK_REAL inverse = 1 / CK_ROOT(variance + job->epsilon);
        moments[0] = mean;
        moments[1] = rest;
        moments[2] = inverse;
        if (!(variance + job->epsilon > 0 && inverse > 0)) {
            CK_NAME(careful_moments)(columns, x, job->epsilon, moments);
            mean = moments[0], rest = moments[1], inverse = moments[2];
        }
        rest *= inverse;
        for (ptrdiff_t j = 0; j < columns; j++) y[j] = ((x[j] - mean) * inverse - rest) * gain[j] + shift[j];
    }
}

CK_CLONES
static void CK_NAME(ck_layer_norm_gradient_range)(const struct CK_NAME(norm_job) *job, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t columns = job->columns;
    const CK_REAL *restrict gain = job->gain;
    for (ptrdiff_t i = first; i < end; i++) {
        const CK_REAL *restrict x = job->x + i * columns, *restrict g = job->upstream + i * columns;
        CK_REAL *restrict delta = job->out + i * columns;
        const CK_REAL *moments = job->moments + i * CK_ROW_MOMENTS;
        CK_REAL mean = moments[0], inverse = moments[2], rest = moments[1] * inverse, plain = 0, along = 0;
        CK_ROW_SUM(plain, g[j] * gain[j]);
        CK_ROW_SUM(along, g[j] * gain[j] * ((x[j] - mean) * inverse - rest));
        plain /= (CK_REAL)columns;
        along /= (CK_REAL)columns;
        for (ptrdiff_t j = 0; j < columns; j++)
            delta[j] = inverse * (g[j] * gain[j] - plain - ((x[j] - mean) * inverse - rest) * along);
    }
}

/// Columns first ..< end of the sums over all rows.
CK_CLONES
static void CK_NAME(ck_layer_norm_sums_range)(const struct CK_NAME(norm_job) *job, ptrdiff_t first, ptrdiff_t end) {
    CK_REAL *restrict gain = job->out, *restrict shift = job->out_moments;
    for (ptrdiff_t j = first; j < end; j++) gain[j] = shift[j] = 0;
    for (ptrdiff_t i = 0; i < job->rows; i++) {
        const CK_REAL *restrict x = job->x + i * job->columns, *restrict g = job->upstream + i * job->columns;
        const CK_REAL *moments = job->moments + i * CK_ROW_MOMENTS;
        CK_REAL mean = moments[0], inverse = moments[2], rest = moments[1] * inverse;
        for (ptrdiff_t j = first; j < end; j++) {
            gain[j] += g[j] * ((x[j] - mean) * inverse - rest);
            shift[j] += g[j];
        }
    }
}

static void CK_NAME(norm_part)(void *context, int32_t part) {
    struct CK_NAME(norm_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    if (job->upstream)
        CK_NAME(ck_layer_norm_gradient_range)(job, first, end);
    else
        CK_NAME(ck_layer_norm_range)(job, first, end);
}

static void CK_NAME(norm_sums_part)(void *context, int32_t part) {
    struct CK_NAME(norm_job) *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->columns, job->parts, part, &first, &end);
    CK_NAME(ck_layer_norm_sums_range)(job, first, end);
}

void CK_NAME(ck_layer_norm)(ptrdiff_t rows, ptrdiff_t columns, CK_REAL epsilon, const CK_REAL *x, const CK_REAL *gain,
                            const CK_REAL *shift, CK_REAL *y, CK_REAL *moments) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, > 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(gain, columns);
    CK_ASSERT_MEMORY(shift, columns);
    CK_ASSERT_MEMORY(y, rows * columns);
    CK_ASSERT_MEMORY(moments, 3 * rows);
    struct CK_NAME(norm_job) job = {.parts = ck_elementwise_parts(rows * columns), .rows = rows,
                                 .columns = columns, .epsilon = epsilon, .x = x, .gain = gain, .shift = shift,
                                 .out = y, .out_moments = moments};
    ck_parallel(job.parts, CK_NAME(norm_part), &job);
}

void CK_NAME(ck_layer_norm_gradient)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *x, const CK_REAL *gain,
                                     const CK_REAL *moments, const CK_REAL *upstream, CK_REAL *delta) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, > 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(gain, columns);
    CK_ASSERT_MEMORY(moments, 3 * rows);
    CK_ASSERT_MEMORY(upstream, rows * columns);
    CK_ASSERT_MEMORY(delta, rows * columns);
    struct CK_NAME(norm_job) job = {.parts = ck_elementwise_parts(rows * columns), .rows = rows,
                                 .columns = columns, .x = x, .gain = gain, .moments = moments,
                                 .upstream = upstream, .out = delta};
    if (rows > 0) ck_parallel(job.parts, CK_NAME(norm_part), &job);
}

void CK_NAME(ck_layer_norm_sums)(ptrdiff_t rows, ptrdiff_t columns, const CK_REAL *x, const CK_REAL *moments,
                                 const CK_REAL *upstream, CK_REAL *gain, CK_REAL *shift) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, > 0);
    CK_ASSERT_MEMORY(x, rows * columns);
    CK_ASSERT_MEMORY(moments, 3 * rows);
    CK_ASSERT_MEMORY(upstream, rows * columns);
    CK_ASSERT_MEMORY(gain, columns);
    CK_ASSERT_MEMORY(shift, columns);
    // Each column is summed whole by one part: how many parts there are changes no bit.
    ptrdiff_t parts = ck_elementwise_parts(rows * columns), most = columns / 64;
    struct CK_NAME(norm_job) job = {.parts = (int32_t)(parts < most ? parts : most < 1 ? 1 : most), .rows = rows,
                                 .columns = columns, .x = x, .moments = moments, .upstream = upstream,
                                 .out = gain, .out_moments = shift};
    ck_parallel(job.parts, CK_NAME(norm_sums_part), &job);
}

#undef CK_NORMALIZATION_LANES
#undef CK_ROW_SUM
#undef CK_ROW_SUMS
#undef CK_ROW_MOMENTS
