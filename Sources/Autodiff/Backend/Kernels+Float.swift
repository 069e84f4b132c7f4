import Arrays
import CKernels

extension Float: DifferentiableScalar {
    /// The kernels of single precision.
    public static var _kernels: _Kernels<Float> { table }
}

private let table = _Kernels<Float>(
    functions: .init(
        biasActivation: { ck_bias_activation_f32($0, Float($1), $2, $3, $4, $5) },
        activate: { ck_activate_f32($0, Float($1), $2, $3, $4) },
        activationGradient: { ck_activation_gradient_f32($0, Float($1), $2, $3, $4, $5) },
        columnSums: ck_column_sums_f32,
        softmax: ck_softmax_rows_f32,
        softmaxGradient: ck_softmax_gradient_f32,
        softmaxCrossEntropy: ck_softmax_cross_entropy_f32,
        softmaxCrossEntropyGradient: {
            ck_softmax_cross_entropy_gradient_f32($0, $1, $2, $3, Float($4), $5)
        },
        softCrossEntropy: ck_soft_cross_entropy_f32,
        softCrossEntropyGradient: { ck_soft_cross_entropy_gradient_f32($0, $1, $2, $3, Float($4), $5) },
        argMax: ck_argmax_rows_f32,
        elementLoss: { ck_element_loss_f32($0, Float($1), $2, $3, $4, $5) },
        hinge: { ck_hinge_f32($0, $1, Float($2), $3, $4, $5) },
        layerNorm: { ck_layer_norm_f32($0, $1, Float($2), $3, $4, $5, $6, $7) },
        layerNormGradient: ck_layer_norm_gradient_f32,
        layerNormSums: ck_layer_norm_sums_f32,
        dropout: { ck_dropout_f32($0, $1, $2, Float($3), $4, $5) },
        accumulate: ck_accumulate_f32,
        gatherRows: ck_gather_rows_u8_f32,
        columns: ck_columns_f32,
        addColumns: ck_add_columns_f32,
        windowMeans: ck_window_mean_f32,
        windowMeanGradient: ck_window_mean_gradient_f32,
        channelMoments: ck_channel_moments_f32,
        channelAffine: ck_channel_affine_f32,
        channelGradientSums: ck_channel_gradient_sums_f32,
        channelCombine: ck_channel_combine_f32,
        joined: .init(
            apply: ck_channel_joined_f32, gradientSums: ck_channel_joined_sums_f32,
            combine: ck_channel_joined_combine_f32)),
    layers: .init(
        dense: { DenseKernels.choose(for: $0, weight: $1) },
        convolution: { $0.packedConvolution($1, weight: $2, bias: $3, $4) },
        transposedConvolution: { $0.packedTransposed($1, weight: $2, $3) },
        maxPooling: { $0.poolingDeferredConvolution($1, to: $2) ?? $0.packedMaxPooling($1, $2) },
        relayout: { $0.relaid(to: $1) }),
    fromSingle: { $0 },
    multiply: Float.multiplyMatrices)
