// The forward pass, the gradient and the descent of a first layer, over the entries of its rows.
#include "ck_core.h"
#include "ck_nn.h"
#include "ck_sparse.h"
#include "core/row_vectors.h"
#include "sparse/entries.h"

// MARK: forward

/// An entry of a column: the row of the batch that it is in, and its value.
struct entry {
    int32_t row;
    float value;
};

struct job {
    const ck_entries *input;
    ptrdiff_t outputs;
    const float *delta, *bias;
    float *w, *result;
    float rate, decay, parameter;
    int32_t parts, descends, activation;
    /// The columns that have entries, in the order in which they were met, and where each one's begin among `entries`.
    /// `marks` is 0 for a column without any.
    int32_t touched, *columns, *marks;
    ptrdiff_t *firsts;
    struct entry *entries;
};

CK_INLINE void forward_group(const struct job *job, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_vector,
                             const int vectors) {
    const ck_entries *input = job->input;
    ptrdiff_t outputs = job->outputs, at[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) at[k] = vector_start(outputs, first_vector + k);
    for (ptrdiff_t i = first; i < end; i++) {
        lanes sums[CK_ROW_MAX_VECTORS];
        for (int k = 0; k < vectors; k++) sums[k] = CK_ROW_LOAD(job->bias + at[k]);
        for (ptrdiff_t e = input->starts[input->rows[i]]; e < input->starts[input->rows[i] + 1]; e++) {
            const float *w = job->w + input->columns[e] * outputs, value = input->values[e];
            for (int k = 0; k < vectors; k++) sums[k] += value * CK_ROW_LOAD(w + at[k]);
        }
        for (int k = 0; k < vectors; k++) CK_ROW_STORE(job->result + i * outputs + at[k], sums[k]);
    }
}

CK_INLINE void forward_narrow(const struct job *job, ptrdiff_t first, ptrdiff_t end, const int outputs) {
    const ck_entries *input = job->input;
    for (ptrdiff_t i = first; i < end; i++) {
        float sums[CK_ROW_LANES];
        for (int j = 0; j < outputs; j++) sums[j] = job->bias[j];
        for (ptrdiff_t e = input->starts[input->rows[i]]; e < input->starts[input->rows[i] + 1]; e++) {
            const float *w = job->w + (ptrdiff_t)input->columns[e] * outputs, value = input->values[e];
            for (int j = 0; j < outputs; j++) sums[j] += value * w[j];
        }
        for (int j = 0; j < outputs; j++) job->result[i * outputs + j] = sums[j];
    }
}

CK_CLONES
static void ck_entries_forward_rows(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    if (job->outputs < CK_ROW_LANES) {
        CK_FOR_NARROW_ROW(job->outputs, forward_narrow, job, first, end)
        return;
    }
    CK_FOR_VECTOR_GROUPS(job->outputs, forward_group, job, first, end)
}

static void forward_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->input->count, job->parts, part, &first, &end);
    ck_entries_forward_rows(job, first, end);
    float *rows = job->result + first * job->outputs;
    if (job->activation != CK_ACTIVATION_IDENTITY)
        ck_activate_f32(job->activation, job->parameter, (end - first) * job->outputs, rows, rows);
}

/// Parts of about a hundred rows (or columns), which a thread works on for some microseconds.
static int32_t parts_for(ptrdiff_t count) {
    ptrdiff_t parts = 2 * ((count + 199) / 200);
    return (int32_t)(parts < 1024 ? parts : 1024);
}

void ck_entries_forward_f32(const ck_entries *input, ptrdiff_t outputs, const float *w, const float *bias,
                            int32_t activation, float parameter, float *out) {
    ck_check_entries(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(w, input->width * outputs);
    CK_ASSERT_MEMORY(bias, outputs);
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT_MEMORY(out, input->count * outputs);
    struct job job = {.input = input, .outputs = outputs, .w = (float *)w, .bias = bias, .result = out,
                      .parts = parts_for(input->count), .activation = activation, .parameter = parameter};
    ck_parallel(job.parts, forward_part, &job);
}

// MARK: weight gradient

/// Writes the sums of one column, or goes down by them.
CK_INLINE void finish(const struct job *job, const lanes *sums, const ptrdiff_t *at, const int vectors,
                      ptrdiff_t column) {
    float *target = (job->descends ? job->w : job->result) + column * job->outputs;
    lanes old[CK_ROW_MAX_VECTORS];
    // All are read before one is written, for the last two overlap.
    for (int k = 0; k < vectors && job->descends; k++) old[k] = CK_ROW_LOAD(target + at[k]);
    for (int k = 0; k < vectors; k++)
        CK_ROW_STORE(target + at[k], job->descends ? CK_DESCENDED(old[k], sums[k], job->rate, job->decay) : sums[k]);
}

CK_INLINE void gradient_group(const struct job *job, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_vector,
                              const int vectors) {
    ptrdiff_t at[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) at[k] = vector_start(job->outputs, first_vector + k);
    for (ptrdiff_t t = first; t < end; t++) {
        lanes sums[CK_ROW_MAX_VECTORS];
        for (int k = 0; k < vectors; k++) sums[k] = (lanes){0};
        for (ptrdiff_t e = job->firsts[t]; e < job->firsts[t + 1]; e++) {
            const float *delta = job->delta + job->entries[e].row * job->outputs;
            for (int k = 0; k < vectors; k++) sums[k] += job->entries[e].value * CK_ROW_LOAD(delta + at[k]);
        }
        finish(job, sums, at, vectors, job->columns[t]);
    }
}

CK_INLINE void gradient_narrow(const struct job *job, ptrdiff_t first, ptrdiff_t end, const int outputs) {
    for (ptrdiff_t t = first; t < end; t++) {
        float sums[CK_ROW_LANES] = {0}, *target = (job->descends ? job->w : job->result) + (ptrdiff_t)job->columns[t] * outputs;
        for (ptrdiff_t e = job->firsts[t]; e < job->firsts[t + 1]; e++)
            for (int j = 0; j < outputs; j++)
                sums[j] += job->entries[e].value * job->delta[(ptrdiff_t)job->entries[e].row * outputs + j];
        for (int j = 0; j < outputs; j++)
            target[j] = job->descends ? CK_DESCENDED(target[j], sums[j], job->rate, job->decay) : sums[j];
    }
}

CK_CLONES
static void ck_entries_gradient_columns(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    if (job->outputs < CK_ROW_LANES) {
        CK_FOR_NARROW_ROW(job->outputs, gradient_narrow, job, first, end)
        return;
    }
    CK_FOR_VECTOR_GROUPS(job->outputs, gradient_group, job, first, end)
}

/// The first of the touched columns whose entries begin at `entry` or after it.
static ptrdiff_t column_from(const struct job *job, ptrdiff_t entry) {
    ptrdiff_t low = 0, high = job->touched;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        if (job->firsts[middle] < entry) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void gradient_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    // Cut by entries: some words are in every text, most in none.
    ck_part_range(job->firsts[job->touched], job->parts, part, &first, &end);
    ck_entries_gradient_columns(job, column_from(job, first), column_from(job, end));
}

CK_CLONES
static void ck_entries_decay_range(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t c = first; c < end; c++) {
        if (job->marks[c]) continue;
        float *w = job->w + c * job->outputs;
        for (ptrdiff_t j = 0; j < job->outputs; j++) w[j] = CK_DESCENDED(w[j], 0.0f, job->rate, job->decay);
    }
}

/// What becomes of the columns without entries.
static void untouched_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->input->width, job->parts, part, &first, &end);
    if (job->descends) ck_entries_decay_range(job, first, end);
    else memset(job->result + first * job->outputs, 0, (size_t)((end - first) * job->outputs) * sizeof(float));
}

/// Puts the batch's entries in the order of their columns; rows ascend within each.
static void turn(struct job *job) {
    const ck_entries *input = job->input;
    int32_t *columns = job->columns, *marks = job->marks, touched = 0;
    // How many entries each column has. A column is written down always and counted when it is new: no guess can fail.
    for (ptrdiff_t i = 0; i < input->count; i++)
        for (ptrdiff_t e = input->starts[input->rows[i]]; e < input->starts[input->rows[i] + 1]; e++) {
            int32_t column = input->columns[e];
            columns[touched] = column;
            touched += marks[column]++ == 0;
        }
    ptrdiff_t place = 0;
    for (int32_t t = 0; t < touched; t++) {
        int32_t count = marks[columns[t]];
        job->firsts[t] = place;
        // From 1, so that no column with entries looks like one without.
        marks[columns[t]] = (int32_t)place + 1;
        place += count;
    }
    job->firsts[touched] = place;
    job->touched = touched;
    for (ptrdiff_t i = 0; i < input->count; i++)
        for (ptrdiff_t e = input->starts[input->rows[i]]; e < input->starts[input->rows[i] + 1]; e++)
            job->entries[marks[input->columns[e]]++ - 1] = (struct entry){(int32_t)i, input->values[e]};
}

static enum ck_status run(struct job job) {
    const ck_entries *input = job.input;
    ptrdiff_t total = 0;
    for (ptrdiff_t i = 0; i < input->count; i++) total += input->starts[input->rows[i] + 1] - input->starts[input->rows[i]];
    // Places among the entries are counted in 32 bits.
    if (total >= INT32_MAX) return CK_TOO_LARGE;
    size_t most = (size_t)(total < input->width ? total : input->width) + 1, bytes = 64;
    size_t needed = most * sizeof *job.firsts + (size_t)total * sizeof *job.entries + most * sizeof *job.columns +
                    (size_t)input->width * sizeof *job.marks;
    // A power of two, so that the buffer of one batch fits the next.
    while (bytes < needed) bytes *= 2;
    void *memory = ck_buffer_take(bytes);
    if (!memory) return CK_NO_MEMORY;
    job.firsts = memory;
    job.entries = (struct entry *)(job.firsts + most);
    job.columns = (int32_t *)(job.entries + total);
    job.marks = job.columns + most;
    memset(job.marks, 0, (size_t)input->width * sizeof *job.marks);
    turn(&job);
    if (!job.descends || job.decay != 0) {
        job.parts = ck_elementwise_parts(input->width * job.outputs);
        ck_parallel(job.parts, untouched_part, &job);
    }
    job.parts = parts_for(job.touched);
    if (job.touched > 0) ck_parallel(job.parts, gradient_part, &job);
    ck_buffer_give(memory, bytes);
    return CK_OK;
}

enum ck_status ck_entries_gradient_f32(const ck_entries *input, ptrdiff_t outputs, const float *delta,
                                       float *gradient) {
    ck_check_entries(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(delta, input->count * outputs);
    CK_ASSERT_MEMORY(gradient, input->width * outputs);
    return run((struct job){.input = input, .outputs = outputs, .delta = delta, .result = gradient});
}

enum ck_status ck_entries_descent_f32(const ck_entries *input, ptrdiff_t outputs, const float *delta, float *w,
                                      float rate, float decay) {
    ck_check_entries(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(delta, input->count * outputs);
    CK_ASSERT_MEMORY(w, input->width * outputs);
    return run((struct job){.input = input, .outputs = outputs, .delta = delta, .w = w, .descends = 1, .rate = rate,
                            .decay = decay});
}
