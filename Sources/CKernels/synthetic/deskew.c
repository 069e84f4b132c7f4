// Deskewing of digits: a shear, and a shift to the middle, by the moments of the ink.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_synthetic.h"

struct deskew_job {
    const uint8_t *images;
    ptrdiff_t count, height, width;
    uint8_t *result;
};

static double pixel(const uint8_t *image, ptrdiff_t height, ptrdiff_t width, ptrdiff_t y, ptrdiff_t x) {
    return y >= 0 && y < height && x >= 0 && x < width ? image[y * width + x] : 0;
}

static void deskew(const uint8_t *image, ptrdiff_t height, ptrdiff_t width, uint8_t *result) {
    // Whole numbers, so that nothing depends on the order of the sums.
    int64_t mass = 0, first_y = 0, first_x = 0;
    for (ptrdiff_t y = 0; y < height; y++)
        for (ptrdiff_t x = 0; x < width; x++) {
            int64_t ink = image[y * width + x];
            mass += ink;
            first_y += ink * y;
            first_x += ink * x;
        }
    if (mass == 0) {
        memcpy(result, image, (size_t)(height * width));
        return;
    }
    double center_y = (double)first_y / (double)mass, center_x = (double)first_x / (double)mass;
    double vertical = 0, mixed = 0;
    for (ptrdiff_t y = 0; y < height; y++)
        for (ptrdiff_t x = 0; x < width; x++) {
            double ink = image[y * width + x];
            vertical += ink * ((double)y - center_y) * ((double)y - center_y);
            mixed += ink * ((double)y - center_y) * ((double)x - center_x);
        }
    double shear = vertical > 0 ? mixed / vertical : 0;
    double middle_y = (double)(height - 1) / 2, middle_x = (double)(width - 1) / 2;
    for (ptrdiff_t y = 0; y < height; y++) {
        double from_y = center_y + ((double)y - middle_y);
        double floor_y = floor(from_y), part_y = from_y - floor_y;
        for (ptrdiff_t x = 0; x < width; x++) {
            double from_x = center_x + shear * ((double)y - middle_y) + ((double)x - middle_x);
            double value = 0;
            if (from_x > -1 && from_x < (double)width && from_y > -1 && from_y < (double)height) {
                double floor_x = floor(from_x), part_x = from_x - floor_x;
                ptrdiff_t top = (ptrdiff_t)floor_y, left = (ptrdiff_t)floor_x;
                double above = pixel(image, height, width, top, left) * (1 - part_x) +
                               pixel(image, height, width, top, left + 1) * part_x;
                double below = pixel(image, height, width, top + 1, left) * (1 - part_x) +
                               pixel(image, height, width, top + 1, left + 1) * part_x;
                value = above * (1 - part_y) + below * part_y;
            }
            result[y * width + x] = (uint8_t)(value + 0.5);
        }
    }
}

#define DESKEW_IMAGES_AT_ONCE 32

static void deskew_part(void *context, int32_t part) {
    struct deskew_job *job = context;
    ptrdiff_t size = job->height * job->width, end = (part + 1) * (ptrdiff_t)DESKEW_IMAGES_AT_ONCE;
    if (end > job->count) end = job->count;
    for (ptrdiff_t i = part * (ptrdiff_t)DESKEW_IMAGES_AT_ONCE; i < end; i++)
        deskew(job->images + i * size, job->height, job->width, job->result + i * size);
}

void ck_deskew_u8(const uint8_t *images, ptrdiff_t count, ptrdiff_t height, ptrdiff_t width, uint8_t *result) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(count, <= 65535 * 32);
    CK_ASSERT_IN(height, 0, 4096);
    CK_ASSERT_IN(width, 0, 4096);
    CK_ASSERT_MEMORY(images, count * height * width);
    CK_ASSERT_MEMORY(result, count * height * width);
    struct deskew_job job = {images, count, height, width, result};
    ck_parallel((int32_t)((count + DESKEW_IMAGES_AT_ONCE - 1) / DESKEW_IMAGES_AT_ONCE), deskew_part, &job);
}
