// Included by windows.c once for each of CK_REAL = float and double; CK_NAME(x) adds the suffix.

void CK_NAME(ck_columns)(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                         ptrdiff_t channels, const CK_REAL *image, CK_REAL *columns) {
    ck_check_windows(w);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(dilation_height, > 0);
    CK_ASSERT(dilation_width, > 0);
    CK_ASSERT_MEMORY(image, channels * w->height * w->width);
    CK_ASSERT_MEMORY(columns, channels * w->out_height * w->out_width);
    for (ptrdiff_t c = 0; c < channels; c++)
        for (ptrdiff_t r = 0; r < w->kernel_height; r++)
            for (ptrdiff_t s = 0; s < w->kernel_width; s++)
                for (ptrdiff_t p = 0; p < w->out_height; p++) {
                    ptrdiff_t h = p * w->stride_height - w->padding_top + r * dilation_height;
                    for (ptrdiff_t q = 0; q < w->out_width; q++, columns++) {
                        ptrdiff_t x = q * w->stride_width - w->padding_left + s * dilation_width;
                        int inside = h >= 0 && h < w->height && x >= 0 && x < w->width;
                        *columns = inside ? image[(c * w->height + h) * w->width + x] : 0;
                    }
                }
}

void CK_NAME(ck_add_columns)(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                             ptrdiff_t channels, const CK_REAL *columns, CK_REAL *image) {
    ck_check_windows(w);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(dilation_height, > 0);
    CK_ASSERT(dilation_width, > 0);
    CK_ASSERT_MEMORY(image, channels * w->height * w->width);
    CK_ASSERT_MEMORY(columns, channels * w->out_height * w->out_width);
    for (ptrdiff_t c = 0; c < channels; c++)
        for (ptrdiff_t r = 0; r < w->kernel_height; r++)
            for (ptrdiff_t s = 0; s < w->kernel_width; s++)
                for (ptrdiff_t p = 0; p < w->out_height; p++) {
                    ptrdiff_t h = p * w->stride_height - w->padding_top + r * dilation_height;
                    for (ptrdiff_t q = 0; q < w->out_width; q++, columns++) {
                        ptrdiff_t x = q * w->stride_width - w->padding_left + s * dilation_width;
                        if (h >= 0 && h < w->height && x >= 0 && x < w->width)
                            image[(c * w->height + h) * w->width + x] += *columns;
                    }
                }
}

struct CK_NAME(window_job) {
    const struct ck_windows *w;
    int32_t parts, count_padding;
    ptrdiff_t planes;
    const CK_REAL *in;
    CK_REAL *out;
};

/// How many numbers the window (p, q) divides by: those inside, or the whole window.
static CK_REAL CK_NAME(window_size)(const struct ck_windows *w, int32_t count_padding, ptrdiff_t rows,
                                    ptrdiff_t columns) {
    return (CK_REAL)(count_padding ? w->kernel_height * w->kernel_width : rows * columns);
}

static void CK_NAME(mean_part)(void *context, int32_t part) {
    struct CK_NAME(window_job) *job = context;
    const struct ck_windows *w = job->w;
    ptrdiff_t first, end;
    ck_part_range(job->planes, job->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++)
        for (ptrdiff_t p = 0; p < w->out_height; p++)
            for (ptrdiff_t q = 0; q < w->out_width; q++) {
                ptrdiff_t row, rows, column, columns;
                part_inside(p * w->stride_height - w->padding_top, w->kernel_height, w->height, &row, &rows);
                part_inside(q * w->stride_width - w->padding_left, w->kernel_width, w->width, &column, &columns);
                const CK_REAL *x = job->in + (plane * w->height + row) * w->width + column;
                CK_REAL sum = 0;
                for (ptrdiff_t r = 0; r < rows; r++)
                    for (ptrdiff_t s = 0; s < columns; s++) sum += x[r * w->width + s];
                job->out[(plane * w->out_height + p) * w->out_width + q] =
                    sum / CK_NAME(window_size)(w, job->count_padding, rows, columns);
            }
}

void CK_NAME(ck_window_mean)(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes, const CK_REAL *in,
                             CK_REAL *out) {
    ck_check_windows(w);
    CK_ASSERT(planes, >= 0);
    CK_ASSERT_MEMORY(in, planes * w->height * w->width);
    CK_ASSERT_MEMORY(out, planes * w->out_height * w->out_width);
    struct CK_NAME(window_job) job = {w, plane_parts(planes, w), count_padding, planes, in, out};
    ck_parallel(job.parts, CK_NAME(mean_part), &job);
}

static void CK_NAME(mean_gradient_part)(void *context, int32_t part) {
    struct CK_NAME(window_job) *job = context;
    const struct ck_windows *w = job->w;
    ptrdiff_t first, end;
    ck_part_range(job->planes, job->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        CK_REAL *target = job->out + plane * w->height * w->width;
        memset(target, 0, (size_t)(w->height * w->width) * sizeof(CK_REAL));
        for (ptrdiff_t p = 0; p < w->out_height; p++)
            for (ptrdiff_t q = 0; q < w->out_width; q++) {
                ptrdiff_t row, rows, column, columns;
                part_inside(p * w->stride_height - w->padding_top, w->kernel_height, w->height, &row, &rows);
                part_inside(q * w->stride_width - w->padding_left, w->kernel_width, w->width, &column, &columns);
                CK_REAL share = job->in[(plane * w->out_height + p) * w->out_width + q] /
                             CK_NAME(window_size)(w, job->count_padding, rows, columns);
                for (ptrdiff_t r = 0; r < rows; r++)
                    for (ptrdiff_t s = 0; s < columns; s++) target[(row + r) * w->width + column + s] += share;
            }
    }
}

void CK_NAME(ck_window_mean_gradient)(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes,
                                      const CK_REAL *out_gradient, CK_REAL *in_gradient) {
    ck_check_windows(w);
    CK_ASSERT(planes, >= 0);
    CK_ASSERT_MEMORY(out_gradient, planes * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(in_gradient, planes * w->height * w->width);
    struct CK_NAME(window_job) job = {w, plane_parts(planes, w), count_padding, planes, out_gradient, in_gradient};
    ck_parallel(job.parts, CK_NAME(mean_gradient_part), &job);
}
