import COneDNN

extension ConvolutionShape {
    /// The kernels' description, with images in these layouts. `factors`: CDNN_SINGLE and its like.
    func form(source: ImageLayout, result: ImageLayout, factors: Int32) -> cdnn_geometry {
        let windows = self.geometry
        var geometry = cdnn_geometry()
        geometry.channels = channels
        geometry.height = size.height
        geometry.width = size.width
        geometry.outputs = outputs
        geometry.kernel_height = windows.kernel.height
        geometry.kernel_width = windows.kernel.width
        geometry.stride_height = windows.stride.height
        geometry.stride_width = windows.stride.width
        geometry.padding_top = windows.padding.height
        geometry.padding_left = windows.padding.width
        geometry.padding_bottom = windows.padding.height
        geometry.padding_right = windows.padding.width
        geometry.dilation_height = windows.dilation.height
        geometry.dilation_width = windows.dilation.width
        geometry.groups = groups
        geometry.result_height = resultSize.height
        geometry.result_width = resultSize.width
        geometry.source_layout = source.rawValue
        geometry.result_layout = result.rawValue
        geometry.bias = hasBias ? 1 : 0
        geometry.relu = relu ? 1 : 0
        geometry.winograd = winograd ? 1 : 0
        geometry.half = factors
        return geometry
    }
}

extension WindowGeometry {
    /// The kernels' description of a pooling to images of `size` in `layout`.
    func form(pooledTo size: Extent, layout: ImageLayout) -> cdnn_pooling {
        cdnn_pooling(
            kernel_height: kernel.height, kernel_width: kernel.width,
            stride_height: stride.height, stride_width: stride.width,
            padding_top: padding.height, padding_left: padding.width,
            height: size.height, width: size.width, layout: layout.rawValue)
    }
}

// MARK: For plans of inference, which choose the layouts themselves

extension WindowGeometry {
    /// The kernels' description of a convolution in one group with a bias; nil when no window fits.
    package func form(
        channels: Int, size: Extent, outputs: Int, precision: Precision
    ) -> cdnn_geometry? {
        guard let result = windows(height: size.height, width: size.width) else { return nil }
        return ConvolutionShape(
            channels: channels, size: size, outputs: outputs, resultSize: result, geometry: self, groups: 1,
            hasBias: true, relu: false, precision: precision
        ).form(source: .rows, result: .blocked, factors: precision == .bfloat16 ? CDNN_HALF : CDNN_SINGLE)
    }

    /// The kernels' description of a pooling by the largest number; nil when it cannot be computed.
    package func form(pooling size: Extent) -> cdnn_pooling? {
        guard let pooled = try? pooledSize(height: size.height, width: size.width, takingLargest: true) else {
            return nil
        }
        return form(pooledTo: pooled, layout: .rows)
    }
}
