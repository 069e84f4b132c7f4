import COneDNN

extension ConvolutionShape {
    /// The kernels' description, with images in these layouts. `factors`: CDNN_SINGLE and its like.
    func form(source: ImageLayout, result: ImageLayout, factors: Int32) -> cdnn_geometry {
        let windows = self.geometry
        var geometry = cdnn_geometry()
        geometry.channels = Int64(channels)
        geometry.height = Int64(size.height)
        geometry.width = Int64(size.width)
        geometry.outputs = Int64(outputs)
        geometry.kernel_height = Int64(windows.kernel.height)
        geometry.kernel_width = Int64(windows.kernel.width)
        geometry.stride_height = Int64(windows.stride.height)
        geometry.stride_width = Int64(windows.stride.width)
        geometry.padding_top = Int64(windows.padding.height)
        geometry.padding_left = Int64(windows.padding.width)
        geometry.padding_bottom = Int64(windows.padding.height)
        geometry.padding_right = Int64(windows.padding.width)
        geometry.dilation_height = Int64(windows.dilation.height)
        geometry.dilation_width = Int64(windows.dilation.width)
        geometry.groups = Int64(groups)
        geometry.result_height = Int64(resultSize.height)
        geometry.result_width = Int64(resultSize.width)
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
            kernel_height: Int64(kernel.height), kernel_width: Int64(kernel.width),
            stride_height: Int64(stride.height), stride_width: Int64(stride.width),
            padding_top: Int64(padding.height), padding_left: Int64(padding.width),
            height: Int64(size.height), width: Int64(size.width), layout: layout.rawValue)
    }
}
