// Included by windows.c once for each of REAL = float and double; NAME(x) adds the suffix.

void NAME(ck_columns)(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                      int64_t channels, const REAL *image, REAL *columns) {
    for (int64_t c = 0; c < channels; c++)
        for (int64_t r = 0; r < w->kernel_height; r++)
            for (int64_t s = 0; s < w->kernel_width; s++)
                for (int64_t p = 0; p < w->out_height; p++) {
                    int64_t h = p * w->stride_height - w->padding_top + r * dilation_height;
                    for (int64_t q = 0; q < w->out_width; q++, columns++) {
                        int64_t x = q * w->stride_width - w->padding_left + s * dilation_width;
                        int inside = h >= 0 && h < w->height && x >= 0 && x < w->width;
                        *columns = inside ? image[(c * w->height + h) * w->width + x] : 0;
                    }
                }
}

void NAME(ck_add_columns)(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                          int64_t channels, const REAL *columns, REAL *image) {
    for (int64_t c = 0; c < channels; c++)
        for (int64_t r = 0; r < w->kernel_height; r++)
            for (int64_t s = 0; s < w->kernel_width; s++)
                for (int64_t p = 0; p < w->out_height; p++) {
                    int64_t h = p * w->stride_height - w->padding_top + r * dilation_height;
                    for (int64_t q = 0; q < w->out_width; q++, columns++) {
                        int64_t x = q * w->stride_width - w->padding_left + s * dilation_width;
                        if (h >= 0 && h < w->height && x >= 0 && x < w->width)
                            image[(c * w->height + h) * w->width + x] += *columns;
                    }
                }
}

struct NAME(window_job) {
    const struct ck_windows *w;
    int32_t parts, count_padding;
    int64_t planes;
    const REAL *in;
    REAL *out;
};

/// How many numbers the window (p, q) divides by: those inside, or the whole window.
static REAL NAME(window_size)(const struct ck_windows *w, int32_t count_padding, int64_t rows, int64_t columns) {
    return (REAL)(count_padding ? w->kernel_height * w->kernel_width : rows * columns);
}

static void NAME(mean_part)(void *context, int32_t part) {
    struct NAME(window_job) *job = context;
    const struct ck_windows *w = job->w;
    int64_t first, end;
    ck_part_range(job->planes, job->parts, part, &first, &end);
    for (int64_t plane = first; plane < end; plane++)
        for (int64_t p = 0; p < w->out_height; p++)
            for (int64_t q = 0; q < w->out_width; q++) {
                int64_t row, rows, column, columns;
                part_inside(p * w->stride_height - w->padding_top, w->kernel_height, w->height, &row, &rows);
                part_inside(q * w->stride_width - w->padding_left, w->kernel_width, w->width, &column, &columns);
                const REAL *x = job->in + (plane * w->height + row) * w->width + column;
                REAL sum = 0;
                for (int64_t r = 0; r < rows; r++)
                    for (int64_t s = 0; s < columns; s++) sum += x[r * w->width + s];
                job->out[(plane * w->out_height + p) * w->out_width + q] =
                    sum / NAME(window_size)(w, job->count_padding, rows, columns);
            }
}

void NAME(ck_window_mean)(const struct ck_windows *w, int32_t count_padding, int64_t planes, const REAL *in,
                          REAL *out) {
    struct NAME(window_job) job = {w, plane_parts(planes, w), count_padding, planes, in, out};
    ck_parallel(job.parts, NAME(mean_part), &job);
}

static void NAME(mean_gradient_part)(void *context, int32_t part) {
    struct NAME(window_job) *job = context;
    const struct ck_windows *w = job->w;
    int64_t first, end;
    ck_part_range(job->planes, job->parts, part, &first, &end);
    for (int64_t plane = first; plane < end; plane++) {
        REAL *target = job->out + plane * w->height * w->width;
        memset(target, 0, (size_t)(w->height * w->width) * sizeof(REAL));
        for (int64_t p = 0; p < w->out_height; p++)
            for (int64_t q = 0; q < w->out_width; q++) {
                int64_t row, rows, column, columns;
                part_inside(p * w->stride_height - w->padding_top, w->kernel_height, w->height, &row, &rows);
                part_inside(q * w->stride_width - w->padding_left, w->kernel_width, w->width, &column, &columns);
                REAL share = job->in[(plane * w->out_height + p) * w->out_width + q] /
                             NAME(window_size)(w, job->count_padding, rows, columns);
                for (int64_t r = 0; r < rows; r++)
                    for (int64_t s = 0; s < columns; s++) target[(row + r) * w->width + column + s] += share;
            }
    }
}

void NAME(ck_window_mean_gradient)(const struct ck_windows *w, int32_t count_padding, int64_t planes,
                                   const REAL *out_gradient, REAL *in_gradient) {
    struct NAME(window_job) job = {w, plane_parts(planes, w), count_padding, planes, out_gradient, in_gradient};
    ck_parallel(job.parts, NAME(mean_gradient_part), &job);
}
