// What `import Descent` brings: the libraries below, and nothing of its own.
@_exported import ArrayFiles
@_exported import Arrays
@_exported import Autodiff
@_exported import Charts
@_exported import Classical
@_exported import Classification
@_exported import Datasets
@_exported import Diagnostics
@_exported import ExampleData
@_exported import Experiments
@_exported import ImageFeatures
@_exported import Images
@_exported import Models
@_exported import Networks
@_exported import Pipelines
@_exported import Support
@_exported import Training
