output "access_keys" {
  description = "By user: id and secret. They lie in Terraform's state too, which is as secret as they are."
  sensitive   = true
  value = {
    for name, key in aws_iam_access_key.each : name => { id = key.id, secret = key.secret }
  }
}
