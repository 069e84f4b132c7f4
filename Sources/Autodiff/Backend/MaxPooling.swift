import Arrays
import CKernels

// Max pooling: of `Float` in the images' layout, of `Double` in rows.

extension Tensor where Scalar == Float {
    func packedMaxPooling(_ geometry: WindowGeometry, _ out: Extent) -> Tensor {
        let source = layoutArray
        let (shape, layout) = (source.shape, source.layout)
        let size = Extent(shape[2], shape[3])
        let (images, channels) = (shape[0], shape[1])
        let outShape = [shape[0], shape[1], out.height, out.width]
        var windows = geometry.form(of: size, out: out)
        var places = NDArray<UInt8>(shape: [layout.count(of: outShape)]) { _ in }
        let y = LayoutArray<Float>(shape: outShape, layout: layout) { y in
            places.withUnsafeMutableElements { places in
                source.numbers.withUnsafeElements {
                    ck_max_pool(
                        &windows, channels, images, layout.rawValue, $0.baseAddress, layout.rawValue,
                        y.baseAddress,
                        places.baseAddress)
                }
            }
        }
        let chosen = places
        return tape.record(Value(y), from: [self]) { upstream in
            var windows = geometry.form(of: size, out: out)
            let gradient = LayoutArray<Float>(shape: shape, layout: layout) { target in
                chosen.withUnsafeElements { places in
                    upstream.layoutArray.converted(to: layout).numbers.withUnsafeElements {
                        ck_max_pool_gradient(
                            &windows, channels, images, layout.rawValue, $0.baseAddress, places.baseAddress,
                            layout.rawValue, target.baseAddress)
                    }
                }
            }
            return [Value(gradient)]
        }
    }
}

extension Tensor where Scalar == Double {
    func planeMaxPooling(_ geometry: WindowGeometry, _ out: Extent) -> Tensor {
        let (x, shape) = (value, shape)
        let size = Extent(shape[2], shape[3])
        let planes = shape[0] * shape[1]
        var windows = geometry.form(of: size, out: out)
        var places = NDArray<UInt8>(shape: [shape[0] * shape[1] * out.height * out.width]) { _ in }
        let y = NDArray<Double>(shape: [shape[0], shape[1], out.height, out.width]) { y in
            places.withUnsafeMutableElements { places in
                x.withUnsafeElements {
                    ck_window_max_f64(&windows, planes, $0.baseAddress, y.baseAddress, places.baseAddress)
                }
            }
        }
        let chosen = places
        return tape.record(.array(y), from: [self]) { upstream in
            var windows = geometry.form(of: size, out: out)
            let gradient = NDArray<Double>(shape: shape) { gradient in
                upstream.array().withUnsafeElements { upstream in
                    chosen.withUnsafeElements {
                        ck_window_max_gradient_f64(
                            &windows, planes, upstream.baseAddress, $0.baseAddress, gradient.baseAddress)
                    }
                }
            }
            return [.array(gradient)]
        }
    }
}
