import Arrays
import CKernels

// The convolution of scalars that oneDNN does not multiply: each image's windows become columns, and the convolution a
// matrix product (Chellapilla, Puri and Simard 2006).
extension Tensor {
    func columnConvolution(_ shape: ConvolutionShape, weight: Tensor, bias: Tensor?) -> Tensor {
        let (x, w) = (value, weight.value)
        let y = shape.forward(x, weights: w)
        let (needs, weightNeeds, weightShape) = (needsGradient, weight.needsGradient, w.shape)
        let convolved = tape.record(.array(y), from: [self, weight]) {
            let upstream = $0.array()
            return [
                needs ? .array(shape.sourceGradient(upstream, weights: w)) : nil,
                weightNeeds ? .array(shape.weightGradient(x, upstream: upstream, shape: weightShape)) : nil,
            ]
        }
        guard let bias else { return convolved }
        return convolved + bias.reshaped(to: [1, bias.shape[0], 1, 1])
    }

    func columnTransposed(_ shape: ConvolutionShape, weight: Tensor) -> Tensor {
        let (x, w) = (value, weight.value)
        let y = shape.sourceGradient(x, weights: w)
        let (needs, weightNeeds, weightShape) = (needsGradient, weight.needsGradient, w.shape)
        return tape.record(.array(y), from: [self, weight]) {
            let upstream = $0.array()
            return [
                needs ? .array(shape.forward(upstream, weights: w)) : nil,
                weightNeeds ? .array(shape.weightGradient(upstream, upstream: x, shape: weightShape)) : nil,
            ]
        }
    }
}

extension ConvolutionShape {
    private var pixels: Int { size.height * size.width }
    private var resultPixels: Int { resultSize.height * resultSize.width }
    /// Rows of one group's columns: C / groups R S.
    private var depth: Int { channels / groups * geometry.kernel.height * geometry.kernel.width }

    /// y = w columns(x), image by image and group by group.
    func forward<Scalar: DifferentiableScalar>(_ x: NDArray<Scalar>, weights: NDArray<Scalar>) -> NDArray<
        Scalar
    > {
        let images = x.shape[0]
        var columns = NDArray<Scalar>(shape: [depth * groups * resultPixels], repeating: 0)
        return NDArray(shape: [images, outputs, resultSize.height, resultSize.width]) { y in
            withPointers(x, weights, &columns) { x, w, columns in
                guard let y = y.baseAddress else { return }
                var windows = geometry.form(of: size, out: resultSize)
                for image in 0..<images {
                    Scalar.kernels.columns(
                        &windows, dilation: geometry.dilation, channels: channels,
                        image: x + image * channels * pixels, into: columns)
                    for group in 0..<groups {
                        let outs = outputs / groups
                        Scalar.kernels.multiply(
                            false, false, outs, resultPixels, depth, w + group * outs * depth, depth,
                            columns + group * depth * resultPixels, resultPixels,
                            y + (image * outputs + group * outs) * resultPixels)
                    }
                }
            }
        }
    }

    /// The gradient by x: transpose(w) g, added back to the pixels that each column came from.
    func sourceGradient<Scalar: DifferentiableScalar>(
        _ upstream: NDArray<Scalar>, weights: NDArray<Scalar>
    ) -> NDArray<Scalar> {
        let images = upstream.shape[0]
        var columns = NDArray<Scalar>(shape: [depth * groups * resultPixels], repeating: 0)
        return NDArray(shape: [images, channels, size.height, size.width]) { gradient in
            gradient.initialize(repeating: 0)
            withPointers(upstream, weights, &columns) { g, w, columns in
                guard let gradient = gradient.baseAddress else { return }
                var windows = geometry.form(of: size, out: resultSize)
                for image in 0..<images {
                    for group in 0..<groups {
                        let outs = outputs / groups
                        Scalar.kernels.multiply(
                            true, false, depth, resultPixels, outs, w + group * outs * depth, depth,
                            g + (image * outputs + group * outs) * resultPixels, resultPixels,
                            columns + group * depth * resultPixels)
                    }
                    Scalar.kernels.addColumns(
                        &windows, dilation: geometry.dilation, channels: channels, columns: columns,
                        to: gradient + image * channels * pixels)
                }
            }
        }
    }

    /// The gradient by w: the sum over images of g transpose(columns(x)).
    func weightGradient<Scalar: DifferentiableScalar>(
        _ x: NDArray<Scalar>, upstream: NDArray<Scalar>, shape: [Int]
    ) -> NDArray<Scalar> {
        let images = x.shape[0]
        var columns = NDArray<Scalar>(shape: [depth * groups * resultPixels], repeating: 0)
        let outs = outputs / groups
        var total = NDArray<Scalar>(shape: shape, repeating: 0)
        for image in 0..<images {
            let part = NDArray<Scalar>(shape: shape) { part in
                withPointers(x, upstream, &columns) { x, g, columns in
                    guard let part = part.baseAddress else { return }
                    var windows = geometry.form(of: size, out: resultSize)
                    Scalar.kernels.columns(
                        &windows, dilation: geometry.dilation, channels: channels,
                        image: x + image * channels * pixels, into: columns)
                    for group in 0..<groups {
                        Scalar.kernels.multiply(
                            false, true, outs, depth, resultPixels,
                            g + (image * outputs + group * outs) * resultPixels, resultPixels,
                            columns + group * depth * resultPixels, resultPixels, part + group * outs * depth)
                    }
                }
            }
            total.accumulate(part)
        }
        return total
    }

    /// Bounds: as long as the shapes say; empty arrays have nothing to do.
    private func withPointers<Scalar: DifferentiableScalar>(
        _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ c: inout NDArray<Scalar>,
        _ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
    ) {
        a.withUnsafeElements { a in
            b.withUnsafeElements { b in
                c.withUnsafeMutableElements { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    body(a, b, c)
                }
            }
        }
    }
}
