import Arrays
import CKernels

extension Double: DifferentiableScalar {
    /// The kernels of double precision.
    public static var _kernels: _Kernels<Double> { table }
}

private let table = _Kernels<Double>(
    functions: .init(
        biasActivation: { ck_bias_activation_f64($0, $1, $2, $3, $4, $5) },
        activate: { ck_activate_f64($0, $1, $2, $3, $4) },
        activationGradient: { ck_activation_gradient_f64($0, $1, $2, $3, $4, $5) },
        columnSums: ck_column_sums_f64,
        softmax: ck_softmax_rows_f64,
        softmaxGradient: ck_softmax_gradient_f64,
        softmaxCrossEntropy: ck_softmax_cross_entropy_f64,
        softmaxCrossEntropyGradient: {
            ck_softmax_cross_entropy_gradient_f64($0, $1, $2, $3, $4, $5)
        },
        softCrossEntropy: ck_soft_cross_entropy_f64,
        softCrossEntropyGradient: { ck_soft_cross_entropy_gradient_f64($0, $1, $2, $3, $4, $5) },
        argMax: ck_argmax_rows_f64,
        elementLoss: { ck_element_loss_f64($0, $1, $2, $3, $4, $5) },
        hinge: { ck_hinge_f64($0, $1, $2, $3, $4, $5) },
        layerNorm: { ck_layer_norm_f64($0, $1, $2, $3, $4, $5, $6, $7) },
        layerNormGradient: ck_layer_norm_gradient_f64,
        layerNormSums: ck_layer_norm_sums_f64,
        dropout: { ck_dropout_f64($0, $1, $2, $3, $4, $5) },
        accumulate: ck_accumulate_f64,
        gatherRows: ck_gather_rows_u8_f64,
        columns: ck_columns_f64,
        addColumns: ck_add_columns_f64,
        windowMeans: ck_window_mean_f64,
        windowMeanGradient: ck_window_mean_gradient_f64,
        channelMoments: ck_channel_moments_f64,
        channelAffine: ck_channel_affine_f64,
        channelGradientSums: ck_channel_gradient_sums_f64,
        channelCombine: ck_channel_combine_f64,
        joined: nil),
    layers: .init(
        // Products in `Double` are for checking gradients: by OpenBLAS, zeros included.
        dense: { ReferenceDense(input: $0.value, weight: $1.value) },
        convolution: { images, shape, weight, bias, _ in
            let convolved = images.columnConvolution(shape, weight: weight, bias: bias)
            return shape.relu ? convolved.relu() : convolved
        },
        transposedConvolution: { images, shape, weight, _ in
            images.columnTransposed(shape, weight: weight)
        },
        maxPooling: { $0.planeMaxPooling($1, $2) },
        relayout: nil),
    fromSingle: { single in NDArray(shape: single.shape, elements: single.elements.map(Double.init)) },
    multiply: Double.multiplyMatrices)
