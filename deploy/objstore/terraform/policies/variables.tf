variable "bucket" {
  description = "Name of the bucket."
  type        = string
}

variable "sites" {
  description = "Each site's name, and the transport of its agent: inbox or plain."
  type        = map(string)

  validation {
    condition     = alltrue([for site in keys(var.sites) : can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", site))])
    error_message = "A site has lower-case letters, digits and dashes, at most 63."
  }
  validation {
    condition     = alltrue([for transport in values(var.sites) : contains(["inbox", "plain"], transport)])
    error_message = "A transport is inbox or plain."
  }
}

variable "logs_bucket" {
  description = "Name of the bucket of logs; empty where no site ships any."
  type        = string
  default     = ""
}
