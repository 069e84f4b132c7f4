// What `import Descent` brings: arrays, automatic differentiation, networks and their training, data sets, models on disk. A
// program imports the other modules of the product by name (Documentation/Architecture.md, "Modules by name").
@_exported import ArrayFiles
@_exported import Arrays
@_exported import Autodiff
@_exported import Classification
@_exported import DataSources
@_exported import Datasets
@_exported import ExampleData
@_exported import Inference
@_exported import Models
@_exported import Networks
@_exported import Support
@_exported import Training
