"""What may leave this machine when texts are sent to a language model: masked, fenced, and looked at for orders to the model."""
