// swift-tools-version: 6.3
import PackageDescription

/// Internal headers are included by folder ("core/lanes.h"). Debug builds check the arguments of every entry.
let cSettings: [CSetting] = [
    .headerSearchPath("."), .define("CK_CHECKED", .when(configuration: .debug)),
]

// Imports go down only; the floors are in Documentation/Architecture.md and a test holds them.
let package = Package(
    name: "descent",
    products: [
        // `import Descent` brings the first; the others are imported by name (Architecture.md, "Modules by name").
        .library(
            name: "Descent",
            targets: [
                "Descent", "Pipelines", "Classical", "ImageFeatures", "Regression", "Tables", "ImageFolders",
                "Images", "Handwriting", "EvaluationMetrics", "Charts", "Reports", "Diagnostics",
                "Experiments", "ONNXImport",
            ]),
        // Models out to other programs: apart, for it alone brings the messages of their formats and swift-protobuf.
        .library(name: "DescentExchange", targets: ["Exchange"]),
        // The notebook's sections; the snippets in Snippets/ use it, and snippets see products only.
        .library(name: "Notes", targets: ["Notes"]),
        .executable(name: "descent", targets: ["DescentCommand"]),
        // Started by the other: it alone links the messages of other programs' formats.
        .executable(name: "descent-exchange", targets: ["ExchangeCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // The runtime of the message classes that are generated from Sources/*/*.proto.
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        // Only `swift package generate-documentation` builds it.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // Floor 0: C kernels and system libraries.
        .target(
            name: "CHighway", linkerSettings: [.linkedLibrary("hwy_contrib"), .linkedLibrary("hwy")]),
        .target(
            name: "CKernels", dependencies: ["CHighway"], exclude: ["README.md", "tables/make_powers.py"],
            cSettings: cSettings),
        .target(
            name: "COneDNN", dependencies: ["CKernels"], exclude: ["README.md"], cSettings: cSettings,
            linkerSettings: [.linkedLibrary("dnnl")]),
        .target(
            name: "CInference", dependencies: ["CKernels", "COneDNN"], exclude: ["README.md"],
            cSettings: cSettings),
        .target(name: "CGraph", dependencies: ["CKernels"], exclude: ["README.md"], cSettings: cSettings),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .target(
            name: "CImageFiles", dependencies: ["CPNG", "CJPEG", "CWebP"], exclude: ["README.md"],
            cSettings: [.headerSearchPath(".")]),
        .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        .target(
            name: "ONNXMessages", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["README.md", "generate", "onnx.proto"]),
        .target(
            name: "CoreMLMessages",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["README.md", "generate", "coreml.proto"]),
        // Floor 1
        .target(name: "Support", dependencies: ["CZlib"], exclude: ["README.md"]),
        // Floor 2
        .target(
            name: "Arrays", dependencies: ["Support", "CKernels", "COneDNN", "COpenBLAS"],
            exclude: ["README.md"]),
        // Floor 3
        .target(name: "ArrayFiles", dependencies: ["Arrays", "Support", "CZlib"], exclude: ["README.md"]),
        .target(
            name: "ExampleData", dependencies: ["Arrays", "Support", "CKernels"], exclude: ["README.md"]),
        .target(
            name: "Images", dependencies: ["Arrays", "Support", "CImageFiles", "CPNG", "CDigest"],
            exclude: ["README.md"]),
        .target(
            name: "ImageFeatures", dependencies: ["Arrays", "Support", "CKernels"],
            exclude: ["README.md"]),
        // Floor 4
        .target(
            name: "Autodiff", dependencies: ["ExampleData", "Arrays", "Support", "CKernels", "COneDNN"],
            exclude: ["README.md"]),
        .target(
            name: "Datasets",
            dependencies: ["ArrayFiles", "ExampleData", "Arrays", "Support", "CKernels", "CDigest"],
            exclude: ["README.md"]),
        .target(
            name: "Classification", dependencies: ["ArrayFiles", "ExampleData", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Regression", dependencies: ["ArrayFiles", "ExampleData", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Handwriting", dependencies: ["ExampleData", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Tables",
            dependencies: ["ArrayFiles", "ExampleData", "Arrays", "Support", "CKernels"],
            exclude: ["README.md"]),
        .target(
            name: "EvaluationMetrics", dependencies: ["ArrayFiles", "Arrays", "Support"],
            exclude: ["README.md"]),
        // Floor 5
        .target(
            name: "ONNXImport",
            dependencies: ["Support", "CInference", "COneDNN", "CGraph", "CKernels"],
            exclude: ["README.md"]),
        .target(
            name: "ImageFolders", dependencies: ["Tables", "ExampleData", "Images", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Networks", dependencies: ["Autodiff", "ExampleData", "Arrays", "Support", "CKernels"],
            exclude: ["README.md"]),
        .target(
            name: "Classical",
            dependencies: [
                "Classification", "Regression", "ArrayFiles", "ExampleData", "Arrays", "Support", "CKernels",
                "COneDNN",
            ],
            exclude: ["README.md"]),
        // Floor 6
        .target(
            name: "Inference",
            dependencies: [
                "Networks", "Autodiff", "ExampleData", "Arrays", "Support", "CInference", "COneDNN",
                "CKernels",
            ],
            exclude: ["README.md"]),
        .target(
            name: "DataSources",
            dependencies: [
                "Classical", "ImageFolders", "Handwriting", "Tables", "Datasets", "Images", "ArrayFiles",
                "ExampleData", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        .target(
            name: "Pipelines",
            dependencies: [
                "ONNXImport", "Classical", "Classification", "Regression", "Datasets", "ImageFeatures",
                "ArrayFiles", "ExampleData", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        // Floor 7
        .target(
            name: "Training",
            dependencies: [
                "Inference", "Classification", "Networks", "Datasets", "Handwriting", "ArrayFiles",
                "ExampleData", "Autodiff", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        // Floor 8
        .target(
            name: "Charts", dependencies: ["Training", "ImageFeatures", "Images", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Models",
            dependencies: [
                "Pipelines", "Training", "Inference", "Classical", "Classification", "Regression",
                "EvaluationMetrics",
                "Networks", "Datasets", "DataSources", "ImageFolders",
                "ArrayFiles", "ExampleData", "Autodiff", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        // Floor 9
        .target(
            name: "Diagnostics",
            dependencies: [
                "Models", "Training", "Inference", "Networks", "Datasets", "ArrayFiles", "ExampleData",
                "Autodiff", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        .target(
            name: "Experiments",
            dependencies: [
                "Models", "Pipelines", "Training", "Charts", "Classical", "Classification", "Regression",
                "EvaluationMetrics", "Networks", "Tables",
                "Datasets", "ImageFeatures", "Images", "ArrayFiles", "ExampleData", "Arrays", "Support",
            ],
            exclude: ["README.md"]),
        .target(
            name: "Exchange",
            dependencies: [
                "ONNXImport", "ONNXMessages", "CoreMLMessages", "Models", "Pipelines", "Inference",
                "Classical",
                "Classification",
                "Regression", "EvaluationMetrics",
                "Networks", "DataSources", "Tables", "ImageFeatures", "ArrayFiles", "ExampleData", "Autodiff",
                "Arrays", "Support", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["README.md"]),
        .target(
            name: "Reports", dependencies: ["Charts", "EvaluationMetrics", "Images", "Arrays", "Support"],
            exclude: ["README.md"]),
        .target(
            name: "Notes",
            dependencies: ["Datasets", "ExampleData", "Images", "ArrayFiles", "Arrays", "Support"],
            exclude: ["README.md"]),
        // Floor 10
        .target(
            name: "Descent",
            dependencies: [
                "Support", "Arrays", "Autodiff", "ArrayFiles", "ExampleData", "Networks", "Inference",
                "Datasets", "DataSources", "Classification", "Training", "Models",
            ]),
        .executableTarget(
            name: "DescentCommand",
            dependencies: [
                "Descent", "Pipelines", "Classical", "ImageFeatures", "Regression", "Tables", "ImageFolders",
                "Images", "Handwriting", "EvaluationMetrics", "Charts", "Reports", "Diagnostics",
                "Experiments",
                "Notes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["README.md"]),
        .executableTarget(
            name: "ExchangeCommand", dependencies: ["Exchange", "Arrays", "Support"], exclude: ["README.md"]),

        // What several test targets share; in no product.
        .target(
            name: "TestSupport", dependencies: ["Autodiff", "ExampleData", "Arrays", "Support"],
            path: "Tests/TestSupport",
            exclude: ["Vectors"]),
        .target(
            name: "TrainingTestSupport", dependencies: ["Training"], path: "Tests/TrainingTestSupport"),
        .testTarget(name: "SupportTests", dependencies: ["TestSupport", "Autodiff", "Arrays", "Support"]),
        .testTarget(
            name: "ArraysTests", dependencies: ["TestSupport", "Arrays", "Support", "CKernels", "COpenBLAS"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "AutodiffTests",
            dependencies: ["TestSupport", "Autodiff", "ExampleData", "Arrays", "Support", "CKernels"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ArrayFilesTests", dependencies: ["TestSupport", "ArrayFiles", "Arrays", "Support"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagesTests", dependencies: ["TestSupport", "Images", "Arrays", "Support"],
            exclude: ["make_png_fixtures.py", "Vectors"]),
        .testTarget(
            name: "ImageFeaturesTests", dependencies: ["TestSupport", "ImageFeatures", "Arrays", "Support"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ClassicalTests",
            dependencies: [
                "Classification", "Regression", "ExampleData", "TestSupport", "Classical", "ArrayFiles",
                "Arrays", "Support",
            ],
            exclude: ["Vectors"]),
        .testTarget(
            name: "DatasetsTests",
            dependencies: ["ExampleData", "TestSupport", "Datasets", "ArrayFiles", "Arrays", "Support"]),
        .testTarget(
            name: "HandwritingTests",
            dependencies: [
                "Training", "Networks", "Handwriting", "Datasets", "ExampleData", "Arrays", "Support",
                "TestSupport",
            ]),
        .testTarget(
            name: "ImageFoldersTests",
            dependencies: ["ImageFolders", "ExampleData", "Images", "TestSupport", "Arrays", "Support"]),
        .testTarget(
            name: "TablesTests",
            dependencies: [
                "Tables", "TestSupport", "ExampleData", "ArrayFiles", "Arrays", "Support", "CKernels",
            ],
            exclude: ["Fixtures", "make_fixtures.py"]),
        .testTarget(
            name: "DataSourcesTests",
            dependencies: [
                "DataSources", "Classical", "ImageFolders", "Tables", "Handwriting", "Datasets", "ArrayFiles",
                "ExampleData", "Arrays", "Support", "TestSupport",
            ]),
        .testTarget(
            name: "NetworksTests",
            dependencies: ["TestSupport", "Networks", "Autodiff", "ExampleData", "Arrays", "Support"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "TestSupport", "Inference", "Networks", "Autodiff", "ExampleData", "Arrays", "Support",
            ]),
        .testTarget(
            name: "ONNXImportTests", dependencies: ["TestSupport", "ONNXImport", "Support", "CKernels"],
            exclude: ["make_node_tests.py", "make_exported_models.py", "Exported"]),
        .testTarget(
            name: "ExampleDataTests",
            dependencies: ["ExampleData", "Arrays", "Support", "TestSupport"]),
        .testTarget(
            name: "ClassificationTests",
            dependencies: ["Classification", "ArrayFiles", "ExampleData", "Arrays", "Support", "TestSupport"]),
        .testTarget(
            name: "RegressionTests",
            dependencies: ["Regression", "ExampleData", "Arrays", "Support", "TestSupport"]),
        .testTarget(
            name: "EvaluationMetricsTests",
            dependencies: ["EvaluationMetrics", "ArrayFiles", "Arrays", "Support", "TestSupport"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Reports", "Charts", "EvaluationMetrics", "Images", "Arrays", "Support", "TestSupport",
            ]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Models", "Classical", "Training", "Classification", "Networks", "Datasets", "Autodiff",
                "ArrayFiles",
                "ExampleData",
                "Arrays", "Support", "TestSupport", "TrainingTestSupport",
            ]),
        .testTarget(
            name: "PipelinesTests",
            dependencies: [
                "ONNXImport", "Models", "Pipelines", "Classical", "Classification", "Datasets",
                "ImageFeatures",
                "ArrayFiles",
                "ExampleData", "Arrays", "Support", "Regression", "TestSupport",
            ]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "Experiments", "Diagnostics", "Models", "Pipelines", "Training", "Classical",
                "Classification", "EvaluationMetrics", "ImageFeatures", "Networks", "Datasets",
                "Autodiff", "ArrayFiles", "ExampleData", "Arrays", "Support", "Regression", "DataSources",
                "Tables", "TestSupport",
                "TrainingTestSupport",
            ]),
        .testTarget(
            name: "DiagnosticsTests",
            dependencies: [
                "Diagnostics", "Models", "Training", "Networks", "Datasets", "Autodiff", "ArrayFiles",
                "ExampleData", "Arrays", "Support", "TestSupport",
            ]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: [
                "Experiments", "Models", "Pipelines", "Training", "Charts", "Classical", "Classification",
                "EvaluationMetrics", "Networks", "Datasets", "ArrayFiles", "ExampleData", "Arrays", "Support",
                "Tables", "Regression", "TestSupport",
            ],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ChartsTests",
            dependencies: [
                "TestSupport", "Charts", "Training", "ImageFeatures", "Images", "Arrays", "Support",
            ]),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "Exchange", "ONNXMessages", "CoreMLMessages", "Models", "Pipelines", "Training", "Classical",
                "Classification", "Regression",
                "EvaluationMetrics", "Networks", "DataSources", "Tables", "ImageFeatures", "Datasets",
                "ArrayFiles",
                "ExampleData", "Autodiff", "Arrays", "Support", "TestSupport",
            ],
            exclude: ["read_coreml.py"]),
        .testTarget(name: "NotesTests", dependencies: ["TestSupport", "Notes", "Arrays", "Support"]),
        .testTarget(
            name: "DescentTests",
            dependencies: [
                "TestSupport", "Descent", "Pipelines", "ImageFolders", "Diagnostics", "Experiments",
            ]),
        .testTarget(
            name: "DescentCommandTests",
            dependencies: ["TestSupport", "Descent", "DescentCommand", "ExchangeCommand"],
            exclude: ["KeptModels"]),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "SystemsTests"),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)
